/** The use cases of the check path. */
@NullMarked
package io.ratelimiter.service.check;

import org.jspecify.annotations.NullMarked;
