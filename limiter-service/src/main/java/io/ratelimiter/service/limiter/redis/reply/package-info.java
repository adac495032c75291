/** The store's replies: their bytes, numbers and errors, and the decisions that they carry. */
@NullMarked
package io.ratelimiter.service.limiter.redis.reply;

import org.jspecify.annotations.NullMarked;
