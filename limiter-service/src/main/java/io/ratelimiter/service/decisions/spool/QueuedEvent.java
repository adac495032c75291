package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.series.OutgoingEvent;

/**
 * An event that waits for the disk.
 *
 * @param maybeSent whether Kafka may have received it nevertheless
 */
record QueuedEvent(OutgoingEvent event, boolean maybeSent) {}
