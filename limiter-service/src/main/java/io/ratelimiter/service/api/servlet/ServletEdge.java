package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.InFlight;
import io.ratelimiter.service.api.LargeBodies;
import io.ratelimiter.service.api.ProblemWriter;
import java.time.Duration;

/**
 * What all requests on this edge share.
 *
 * @param timeout for one exchange, from its head to the last byte of its answer
 */
record ServletEdge(
    CorrelationIds correlationIds,
    ProblemWriter problems,
    Drain drain,
    Duration timeout,
    InFlight inFlight,
    LargeBodies largeBodies) {}
