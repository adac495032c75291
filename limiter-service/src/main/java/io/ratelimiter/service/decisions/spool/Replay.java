package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.service.decisions.kafka.DecisionTopics;
import io.ratelimiter.service.decisions.kafka.Delivery;
import io.ratelimiter.service.decisions.kafka.EventSender;
import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.series.EventKind;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Sends spooled events in order, at a limited rate, and deletes those that Kafka acknowledged. A
 * failed event stays and is sent again once no event is outstanding. Events of an earlier topic
 * that accepts none are skipped until it does. Never waits for Kafka. For the spool's thread only,
 * except for the outcomes.
 */
public final class Replay {

  private static final int BATCH = 500;
  private static final int MAX_OUTSTANDING = 2_000;
  private static final long NANOS = 1_000_000_000;

  private enum Result {
    ACKED,
    REFUSED,
    NO_PARTITION,
    FAILED
  }

  private record RowOutcome(int run, long row, Result result) {}

  private final SpooledEpochs epochs;
  private final EventCounts counts;
  private final DecisionTopics topics;
  private final long nanosPerEvent;
  private final ConcurrentLinkedQueue<RowOutcome> outcomes = new ConcurrentLinkedQueue<>();
  private final Map<Long, OutgoingEvent> outstanding = new HashMap<>();
  private final Map<Long, Result> settled = new LinkedHashMap<>();

  /** Number of restarts, to recognize outcomes of rows of an earlier file. */
  private int run;

  /** Epochs whose topic accepted no events at the last {@link #send}. */
  private List<String> skipped = List.of();

  private long cursor;
  private long firstFailed = Long.MAX_VALUE;
  private long nextNanos = System.nanoTime();

  /**
   * @param ratePerSecond max events sent per second
   */
  public Replay(
      SpooledEpochs epochs, EventCounts counts, DecisionTopics topics, int ratePerSecond) {
    this.epochs = epochs;
    this.counts = counts;
    this.topics = topics;
    this.nanosPerEvent = NANOS / ratePerSecond;
  }

  /** Restarts from the first row of a new file; later outcomes of earlier rows are ignored. */
  void restart() {
    run++;
    outstanding.clear();
    settled.clear();
    firstFailed = Long.MAX_VALUE;
    cursor = 0;
  }

  /** Deletes and counts the events whose outcome is final. Blocks on the disk. */
  void settle(SpoolFile file) throws SQLException {
    for (RowOutcome next = outcomes.poll(); next != null; next = outcomes.poll()) {
      take(next);
    }
    if (!settled.isEmpty()) {
      // An event is counted only after its deletion; a failed deletion is repeated.
      file.delete(List.copyOf(settled.keySet()));
      settled.forEach(this::count);
      settled.clear();
      if (counts.spooled.get() == 0) {
        file.shrink();
      }
    }
  }

  private void take(RowOutcome outcome) {
    if (outcome.run() != run || !outstanding.containsKey(outcome.row())) {
      return;
    }
    if (outcome.result() == Result.FAILED) {
      OutgoingEvent failed = Objects.requireNonNull(outstanding.remove(outcome.row()));
      topics.failed(failed.series().topic());
      firstFailed = Math.min(firstFailed, outcome.row());
    } else {
      settled.put(outcome.row(), outcome.result());
    }
  }

  private void count(long row, Result result) {
    OutgoingEvent event = Objects.requireNonNull(outstanding.remove(row));
    counts.spooled.decrementAndGet();
    switch (result) {
      case ACKED -> {
        counts.acked.increment();
        event.series().replayed(event.seq());
      }
      case REFUSED -> drop(event, DropReason.REFUSED, true);
      // It may have reached the topic before the partition was removed.
      case NO_PARTITION -> drop(event, DropReason.NO_PARTITION, false);
      case FAILED -> throw new IllegalStateException("a failed event stays");
    }
  }

  private void drop(OutgoingEvent event, DropReason reason, boolean neverSent) {
    counts.drop(reason);
    event.series().droppedFromSpool(event.seq(), neverSent);
  }

  /** Sends the events that the rate and the bounds allow now. Blocks on the disk. */
  void send(SpoolFile file, EventSender kafka) throws SQLException {
    skipWaiting();
    if (outstanding.isEmpty() && firstFailed != Long.MAX_VALUE) {
      cursor = Math.max(0, firstFailed - 1);
      firstFailed = Long.MAX_VALUE;
    }
    int allowed = kafka.hasRoom() ? allowance(System.nanoTime()) : 0;
    if (allowed <= 0
        || nothingToSend()
        || firstFailed != Long.MAX_VALUE
        || settled.size() > MAX_OUTSTANDING) {
      return;
    }
    List<SpooledEvent> events = file.readExcept(skipped, cursor, allowed);
    for (SpooledEvent event : events) {
      cursor = event.row();
      send(kafka, event);
    }
    nextNanos = Math.max(nextNanos, System.nanoTime()) + events.size() * nanosPerEvent;
  }

  /** Starts again from the first row when an epoch is skipped no more. */
  private void skipWaiting() {
    List<String> waiting =
        epochs.all().stream()
            .filter(epoch -> topics.partitions(epoch.name().topic()) == 0)
            .map(Epoch::id)
            .toList();
    if (!waiting.containsAll(skipped)) {
      firstFailed = 0;
    }
    skipped = waiting;
  }

  /** Whether all events on disk are skipped: to find none would read the whole file. */
  private boolean nothingToSend() {
    return !skipped.isEmpty()
        && epochs.all().stream()
            .allMatch(epoch -> skipped.contains(epoch.id()) || epoch.spooled() == 0);
  }

  private int allowance(long nowNanos) {
    return nowNanos - nextNanos < 0 ? 0 : Math.min(BATCH, MAX_OUTSTANDING - outstanding.size());
  }

  private void send(EventSender kafka, SpooledEvent spooled) {
    IssuedSeries series = epochs.find(spooled.epoch(), spooled.partition());
    if (series == null) {
      throw new IllegalStateException("epoch " + spooled.epoch() + " is unknown");
    }
    OutgoingEvent event = outgoing(series, spooled);
    long row = spooled.row();
    int sentInRun = run;
    outstanding.put(row, event);
    int partitions = topics.partitions(series.topic());
    if (partitions == 0) {
      outcomes.add(new RowOutcome(sentInRun, row, Result.FAILED));
    } else if (spooled.partition() < partitions) {
      kafka.send(
          event, (outcome, _) -> outcomes.add(new RowOutcome(sentInRun, row, result(outcome))));
    } else {
      outcomes.add(new RowOutcome(sentInRun, row, Result.NO_PARTITION));
    }
  }

  private static Result result(Delivery.Outcome outcome) {
    return switch (outcome) {
      case ACKED -> Result.ACKED;
      case REFUSED -> Result.REFUSED;
      case MAYBE_SENT, NOT_SENT -> Result.FAILED;
    };
  }

  private static OutgoingEvent outgoing(IssuedSeries series, SpooledEvent spooled) {
    return new OutgoingEvent(
        series,
        spooled.seq(),
        spooled.kind().equals(EventHeaders.TYPE_ADJUSTMENT)
            ? EventKind.ADJUSTMENT
            : EventKind.DECISION,
        spooled.eventId(),
        spooled.correlationId(),
        spooled.timeMicros(),
        spooled.key(),
        spooled.value());
  }
}
