package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpooledEvent;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.Producer;

/**
 * Sends what is spooled, in its order and no faster than allowed, and removes what Kafka confirmed.
 * What fails stays and is sent again after all that is under way has been answered. Never waits for
 * Kafka. For the spool's thread only, but for the answers.
 */
final class Replay {

  private static final int BATCH = 500;
  private static final int MAX_OUTSTANDING = 2_000;
  private static final long NANOS = 1_000_000_000;

  private enum Verdict {
    ACKED,
    REFUSED,
    NO_PARTITION,
    FAILED
  }

  private record Answer(long row, Verdict verdict) {}

  private final SeriesBook book;
  private final EventCounts counts;
  private final EventSender sender;
  private final int partitions;
  private final long nanosPerEvent;
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final Map<Long, OutgoingEvent> outstanding = new HashMap<>();
  private final Map<Long, Verdict> settled = new LinkedHashMap<>();
  private long cursor;
  private long firstFailed = Long.MAX_VALUE;
  private long nextNanos = System.nanoTime();

  Replay(SeriesBook book, EventCounts counts, EventSender sender, Topic topic) {
    this.book = book;
    this.counts = counts;
    this.sender = sender;
    this.partitions = topic.partitions();
    this.nanosPerEvent = NANOS / topic.ratePerSecond();
  }

  /**
   * What the replay must know of the topic.
   *
   * @param ratePerSecond most events sent to it per second
   */
  record Topic(int partitions, int ratePerSecond) {}

  /** Begins anew, as after the file was replaced; answers under way count no more. */
  void restart() {
    outstanding.clear();
    settled.clear();
    firstFailed = Long.MAX_VALUE;
    cursor = 0;
  }

  /** Books the answers that came; blocks on the disk. */
  void settle(SpoolFile file) throws SQLException {
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      take(answer);
    }
    if (!settled.isEmpty()) {
      // Only what is gone from the disk is booked: should this fail, it is tried again.
      file.delete(List.copyOf(settled.keySet()));
      settled.forEach(this::book);
      settled.clear();
      if (counts.spooled.get() == 0) {
        file.shrink();
      }
    }
  }

  private void take(Answer answer) {
    if (!outstanding.containsKey(answer.row())) {
      return;
    }
    if (answer.verdict() == Verdict.FAILED) {
      outstanding.remove(answer.row());
      firstFailed = Math.min(firstFailed, answer.row());
    } else {
      settled.put(answer.row(), answer.verdict());
    }
  }

  private void book(long row, Verdict verdict) {
    OutgoingEvent event = Objects.requireNonNull(outstanding.remove(row));
    counts.spooled.decrementAndGet();
    switch (verdict) {
      case ACKED -> {
        counts.acked.increment();
        event.series().replayed(event.seq());
      }
      case REFUSED -> drop(event, DropReason.REFUSED, true);
      // It may have reached the topic before the partition went.
      case NO_PARTITION -> drop(event, DropReason.NO_PARTITION, false);
      case FAILED -> throw new IllegalStateException("a failed event stays");
    }
  }

  private void drop(OutgoingEvent event, DropReason reason, boolean neverHanded) {
    counts.drop(reason);
    event.series().droppedFromSpool(event.seq(), neverHanded);
  }

  /** Sends what may be sent now; blocks on the disk. */
  void send(SpoolFile file, Producer<byte[], byte[]> producer) throws SQLException {
    if (outstanding.isEmpty() && firstFailed != Long.MAX_VALUE) {
      cursor = firstFailed - 1;
      firstFailed = Long.MAX_VALUE;
    }
    int allowed = allowance(System.nanoTime());
    if (allowed <= 0 || firstFailed != Long.MAX_VALUE || settled.size() > MAX_OUTSTANDING) {
      return;
    }
    List<SpooledEvent> events = file.read(cursor, allowed);
    for (SpooledEvent event : events) {
      cursor = event.row();
      send(producer, event);
    }
    nextNanos = Math.max(nextNanos, System.nanoTime()) + events.size() * nanosPerEvent;
  }

  private int allowance(long nowNanos) {
    return nowNanos - nextNanos < 0 || !sender.hasRoom()
        ? 0
        : Math.min(BATCH, MAX_OUTSTANDING - outstanding.size());
  }

  private void send(Producer<byte[], byte[]> producer, SpooledEvent spooled) {
    Series series = book.find(spooled.epoch(), spooled.partition());
    if (series == null) {
      throw new IllegalStateException("epoch " + spooled.epoch() + " is not known");
    }
    OutgoingEvent event = outgoing(series, spooled);
    outstanding.put(spooled.row(), event);
    if (spooled.partition() < partitions) {
      sender.send(producer, event, new ReplayDelivery(spooled.row()));
    } else {
      answers.add(new Answer(spooled.row(), Verdict.NO_PARTITION));
    }
  }

  private static OutgoingEvent outgoing(Series series, SpooledEvent spooled) {
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

  private final class ReplayDelivery implements Delivery {

    private final long row;

    ReplayDelivery(long row) {
      this.row = row;
    }

    @Override
    public void acked() {
      answers.add(new Answer(row, Verdict.ACKED));
    }

    @Override
    public void refused(Exception cause) {
      answers.add(new Answer(row, Verdict.REFUSED));
    }

    @Override
    public void failed(boolean handed, Exception cause) {
      answers.add(new Answer(row, Verdict.FAILED));
    }
  }
}
