/** The use cases of the check path: check, usage, refund and reset; and what they publish. */
@NullMarked
package io.ratelimiter.service.check;

import org.jspecify.annotations.NullMarked;
