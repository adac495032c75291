package io.ratelimiter.service.api.eventloop;

import java.time.Duration;

/**
 * How long callers may take; kept to within half a second.
 *
 * @param head for a head, once its connection is open or its first byte is here
 * @param exchange from a head to the last byte of its answer
 * @param idle between two requests
 */
record Timeouts(Duration head, Duration exchange, Duration idle) {}
