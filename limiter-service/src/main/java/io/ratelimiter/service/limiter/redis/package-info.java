/** The limiter in Redis; the only place that knows Lettuce. */
@NullMarked
package io.ratelimiter.service.limiter.redis;

import org.jspecify.annotations.NullMarked;
