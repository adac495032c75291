/**
 * The limiter in Redis: scripts, their calls and metrics. Lettuce is used in these packages only.
 */
@NullMarked
package io.ratelimiter.service.limiter.redis;

import org.jspecify.annotations.NullMarked;
