package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.service.api.CorrelationIds;
import io.ratelimiter.service.api.Drain;
import io.ratelimiter.service.api.HandOver;
import io.ratelimiter.service.api.InFlight;
import io.ratelimiter.service.api.LargeBodies;
import io.ratelimiter.service.api.ProblemWriter;
import io.ratelimiter.service.api.RequestMetrics;

/** What all connections share, whatever their port. */
record Sharing(
    CorrelationIds correlationIds,
    ProblemWriter problems,
    Drain drain,
    InFlight inFlight,
    LargeBodies largeBodies,
    RequestMetrics metrics,
    Timeouts timeouts,
    HandOver handOver) {}
