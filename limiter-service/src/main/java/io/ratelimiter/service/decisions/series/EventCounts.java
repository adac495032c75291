package io.ratelimiter.service.decisions.series;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the outcomes of this process's events. While nothing is in flight, {@link Epoch#issued} +
 * recovered = acked + spooled + dropped. Thread-safe.
 */
public final class EventCounts {

  /** Events of earlier processes that were found in the spool. */
  public final LongAdder recovered = new LongAdder();

  public final LongAdder acked = new LongAdder();

  /** Events in the producer or in the spool's queue. */
  public final AtomicLong inFlight = new AtomicLong();

  /** Events on disk. */
  public final AtomicLong spooled = new AtomicLong();

  private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);

  public EventCounts() {
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, new LongAdder());
    }
  }

  public void drop(DropReason reason) {
    drop(reason, 1);
  }

  public void drop(DropReason reason, long events) {
    Objects.requireNonNull(dropped.get(reason)).add(events);
  }

  /** Dropped events by reason; every reason is present. */
  public Map<DropReason, Long> dropped() {
    Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
    dropped.forEach((reason, adder) -> counts.put(reason, adder.sum()));
    return counts;
  }
}
