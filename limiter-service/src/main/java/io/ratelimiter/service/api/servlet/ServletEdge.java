package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.ProblemWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all requests on this edge share.
 *
 * @param timeout for one exchange, from its head to the last byte of its answer
 * @param inFlight exchanges whose request is here and whose answer is not gone
 */
record ServletEdge(
    CorrelationIds correlationIds,
    ProblemWriter problems,
    Drain drain,
    Duration timeout,
    AtomicInteger inFlight) {

  /** More than this many exchanges at once are answered 503: what they hold must fit the heap. */
  static final int MAX_IN_FLIGHT = 4_096;
}
