/** Connections to the store: one on each event loop, reconnected and replaced when at fault. */
@NullMarked
package io.ratelimiter.service.limiter.redis.connection;

import org.jspecify.annotations.NullMarked;
