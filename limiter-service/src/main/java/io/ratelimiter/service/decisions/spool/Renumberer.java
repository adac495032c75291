package io.ratelimiter.service.decisions.spool;

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
            ? writer.adjustment(reader.adjustment(event.value()).at(position))
            : writer.decision(reader.decision(event.value()).at(position)),
        event.spooledAtMillis());
  }
}
