package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;

/** Gives an event that was never published a new number, also in its JSON. */
final class Renumberer {

  private final EventReader reader = new EventReader();
  private final EventWriter writer = new EventWriter();

  SpooledEvent renumber(SpooledEvent event, SeriesPosition position) {
    return new SpooledEvent(
        event.row(),
        position.epoch(),
        position.partition(),
        position.seq(),
        event.kind(),
        event.eventId(),
        event.correlationId(),
        event.timeMicros(),
        event.key(),
        event.kind().equals(EventHeaders.TYPE_ADJUSTMENT)
            ? adjustment(event.value(), position)
            : decision(event.value(), position),
        event.spooledAtMillis());
  }

  private byte[] decision(byte[] value, SeriesPosition position) {
    DecisionEvent e = reader.decision(value);
    return writer.decision(
        new DecisionEvent(
            e.decisionId(),
            position,
            e.correlationId(),
            e.tenant(),
            e.clientId(),
            e.limitKey(),
            e.attributes(),
            e.cost(),
            e.allowed(),
            e.reason(),
            e.top(),
            e.retryAfterMillis(),
            e.source(),
            e.degraded(),
            e.degradedReason(),
            e.decidedAtMicros(),
            e.latencyMicros(),
            e.limits()));
  }

  private byte[] adjustment(byte[] value, SeriesPosition position) {
    AdjustmentEvent e = reader.adjustment(value);
    return writer.adjustment(
        new AdjustmentEvent(
            e.adjustmentId(),
            e.kind(),
            position,
            e.correlationId(),
            e.tenant(),
            e.clientId(),
            e.limitKey(),
            e.attributes(),
            e.cost(),
            e.refundId(),
            e.decidedAtMicros(),
            e.limits()));
  }
}
