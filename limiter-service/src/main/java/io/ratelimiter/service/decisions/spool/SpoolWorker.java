package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.kafka.EventSender;
import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import io.ratelimiter.service.decisions.spool.file.SpoolFolder;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to the spool, replays them, recovers earlier epochs and keeps the counts. Events
 * that cannot be written are dropped and counted. For one thread, unless stated otherwise.
 */
public final class SpoolWorker {

  private static final Duration MEASURE = Duration.ofMillis(500);

  /**
   * What the worker works with.
   *
   * @param maxBytes max size of the files, bytes
   * @param countsInterval time between two writes of the counts
   * @param kafka returns null while Kafka is unavailable
   */
  public record Parts(
      long maxBytes,
      Duration countsInterval,
      SpoolFolder folder,
      Epoch epoch,
      EventCounts counts,
      SpooledEpochs epochs,
      EpochRecovery recovery,
      Replay replay,
      Supplier<@Nullable EventSender> kafka,
      Clock clock) {}

  private final Parts parts;
  private final RecoveringSpoolFile disk;
  private final EpochWriter writer;
  private long nextCountsNanos = System.nanoTime();
  private long nextMeasureNanos = System.nanoTime();
  private volatile boolean epochClosed;
  private volatile long bytes;
  private volatile long oldestMillis;

  public SpoolWorker(Parts parts) {
    this.parts = parts;
    this.writer = new EpochWriter(parts.epoch(), parts.epochs());
    this.disk = new RecoveringSpoolFile(parts.folder(), parts.maxBytes(), new FileListener());
    parts.epochs().add(parts.epoch());
  }

  /** Whether the last write succeeded. Any thread. */
  boolean usable() {
    return disk.usable();
  }

  /** Why the disk is not usable, for messages; null while it is. Any thread. */
  public @Nullable String fault() {
    return disk.fault();
  }

  /** Earlier epochs that are not yet closed. Any thread. */
  public int openPastEpochs() {
    return parts.recovery().open();
  }

  /** Size of the files on disk, bytes. Any thread. */
  public long bytes() {
    return bytes;
  }

  /** Age of the oldest event on disk; zero without one. Any thread. */
  public Duration oldestAge() {
    long oldest = oldestMillis;
    return oldest == 0
        ? Duration.ZERO
        : Duration.ofMillis(Math.max(0, parts.clock().millis() - oldest));
  }

  /** Sets whether Kafka acknowledged the last ledgers of this epoch. Any thread. */
  void epochClosed(boolean closed) {
    epochClosed = closed;
  }

  /** Counts a queued event as dropped. Any thread. */
  void drop(QueuedEvent queued, DropReason reason) {
    parts.counts().inFlight.decrementAndGet();
    parts.counts().drop(queued.maybeSent() ? DropReason.UNCONFIRMED : reason);
    queued.event().series().dropped(queued.event().seq(), !queued.maybeSent());
  }

  /** Writes events, or drops those that the disk does not accept. */
  void append(List<QueuedEvent> batch) {
    if (batch.isEmpty()) {
      return;
    }
    int appended = disk.append(batch.stream().map(queued -> row(queued.event())).toList());
    int written = Math.max(0, appended);
    for (QueuedEvent queued : batch.subList(0, written)) {
      parts.counts().spooled.incrementAndGet();
      parts.counts().inFlight.decrementAndGet();
      queued.event().series().spooled();
    }
    DropReason reason =
        appended == RecoveringSpoolFile.REFUSED ? DropReason.SPOOL_FAILED : DropReason.SPOOL_FULL;
    batch.subList(written, batch.size()).forEach(queued -> drop(queued, reason));
  }

  private SpooledEvent row(OutgoingEvent event) {
    return new SpooledEvent(
        0,
        event.series().epoch(),
        event.series().partition(),
        event.seq(),
        event.kind().wireName(),
        event.id(),
        event.correlationId(),
        event.timeMicros(),
        event.key(),
        event.value(),
        parts.clock().millis());
  }

  /** Replays, closes past epochs, writes the counts and measures, each when due. */
  void runDueTasks() {
    long now = System.nanoTime();
    disk.remove(parts.replay()::settle);
    EventSender kafka = parts.kafka().get();
    if (kafka != null && writer.published()) {
      if (parts.counts().spooled.get() > 0) {
        disk.run(file -> parts.replay().send(file, kafka));
      }
      disk.remove(file -> parts.recovery().close(file, kafka));
    }
    if (now - nextCountsNanos >= 0) {
      nextCountsNanos = now + parts.countsInterval().toNanos();
      disk.run(writer::writeCounts);
      if (!disk.usable()) {
        disk.write(writer::writeEpoch);
      }
    }
    if (now - nextMeasureNanos >= 0) {
      nextMeasureNanos = now + MEASURE.toNanos();
      disk.run(this::measure);
    }
  }

  /**
   * Stores that numbers of every epoch in the spool may reach Kafka from now on.
   *
   * @return whether the disk accepted it
   */
  boolean markPublished() {
    writer.markPublished();
    return disk.run(file -> {
      writer.writeEpoch(file);
      parts.recovery().markPublished(file);
    });
  }

  /** Writes the last counts, unless the epoch is closed, and closes the file. */
  void finish() {
    disk.remove(parts.replay()::settle);
    disk.remove(file -> {
      writer.writeStop(file, epochClosed);
      measure(file);
      file.close();
    });
    parts.folder().close();
  }

  private void measure(SpoolFile file) throws SQLException {
    bytes = parts.folder().bytes();
    oldestMillis = parts.counts().spooled.get() == 0 ? 0 : file.oldestSpooledAtMillis().orElse(0);
  }

  private final class FileListener implements RecoveringSpoolFile.Listener {

    @Override
    public void opened(SpoolFile file) throws SQLException {
      writer.reset();
      writer.writeEpoch(file);
      parts.recovery().load(file);
    }

    /** The lost numbers are not known: they stay unsettled until the epoch is closed. */
    @Override
    public void salvaged(SpoolFile file, DropReason reason) throws SQLException {
      long left = 0;
      for (Epoch epoch : parts.epochs().all()) {
        Map<Integer, Long> spooled = new HashMap<>();
        file.series(epoch.id())
            .forEach(counts -> spooled.put(counts.partition(), counts.spooled()));
        for (IssuedSeries series : epoch.series()) {
          long now = spooled.getOrDefault(series.partition(), 0L);
          series.lostOnDisk(now);
          left += now;
        }
      }
      parts.counts().drop(reason, parts.counts().spooled.get() - left);
      parts.counts().spooled.set(left);
      parts.replay().restart();
    }
  }
}
