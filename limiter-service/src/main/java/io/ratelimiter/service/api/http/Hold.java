package io.ratelimiter.service.api.http;

import java.util.function.LongFunction;

/**
 * The time for which an answer is to be held, so that its caller need not wait itself.
 *
 * @param micros from the moment at which the answer was made
 * @param answer the answer after the microseconds for which it was held, fewer if it was released
 *     early
 */
public record Hold(long micros, LongFunction<Answer> answer) {}
