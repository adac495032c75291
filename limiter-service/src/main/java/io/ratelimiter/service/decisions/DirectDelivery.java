package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.kafka.Delivery;
import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import io.ratelimiter.service.decisions.spool.SpoolQueue;
import org.jspecify.annotations.Nullable;

/** Counts the outcome of an event that was sent to Kafka directly; a failed one is spooled. */
record DirectDelivery(OutgoingEvent event, EventCounts counts, SpoolQueue spool)
    implements Delivery {

  @Override
  public void completed(Outcome outcome, @Nullable Exception cause) {
    counts.inFlight.decrementAndGet();
    switch (outcome) {
      case ACKED -> {
        counts.acked.increment();
        event.series().acked(event.seq());
      }
      case REFUSED -> {
        counts.drop(DropReason.REFUSED);
        event.series().dropped(event.seq(), true);
      }
      case MAYBE_SENT -> spool.take(event, true);
      case NOT_SENT -> spool.take(event, false);
    }
  }
}
