package io.ratelimiter.service.decisions;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the events of this process, each counted where it happens, so that the books can
 * be checked: at quiescence issued + recovered = acked + spooled + dropped, and in flight = 0.
 */
final class EventCounts {

  final LongAdder issued = new LongAdder();

  /** Found in the spool when it was opened: issued by an earlier process. */
  final LongAdder recovered = new LongAdder();

  final LongAdder acked = new LongAdder();

  /** Handed to the producer or to the spool's queue, and not yet answered. */
  final AtomicLong inFlight = new AtomicLong();

  /** Waiting on disk. */
  final AtomicLong spooled = new AtomicLong();

  private final Map<DropReason, LongAdder> dropped = new EnumMap<>(DropReason.class);

  EventCounts() {
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, new LongAdder());
    }
  }

  void drop(DropReason reason) {
    adder(reason).increment();
  }

  void drop(DropReason reason, long events) {
    adder(reason).add(events);
  }

  long dropped(DropReason reason) {
    return adder(reason).sum();
  }

  private LongAdder adder(DropReason reason) {
    return Objects.requireNonNull(dropped.get(reason));
  }
}
