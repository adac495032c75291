/**
 * The use cases of the check path: check, usage, refund, reset and settlement; and what they
 * publish.
 */
@NullMarked
package io.ratelimiter.service.check;

import org.jspecify.annotations.NullMarked;
