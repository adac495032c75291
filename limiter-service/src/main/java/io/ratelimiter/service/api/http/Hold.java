package io.ratelimiter.service.api.http;

import java.util.function.LongFunction;

/**
 * The time for which an answer is held, so that its caller need not wait itself.
 *
 * @param micros the time, microseconds
 * @param answer makes the answer from the time for which it was held, microseconds: less than
 *     {@code micros} if it was released early
 */
public record Hold(long micros, LongFunction<Answer> answer) {}
