package io.ratelimiter.service.api.eventloop;

import java.time.Duration;

/**
 * How long callers may take; kept to within half a second.
 *
 * @param head for a head, once its connection is open or its first byte is here
 * @param body for a body, once its head is here
 * @param answer for an answer to be made and its head to leave, once the body is here
 * @param progress for a piece of a streamed answer to leave, while the caller does not read
 * @param idle between two requests
 */
record Timeouts(Duration head, Duration body, Duration answer, Duration progress, Duration idle) {}
