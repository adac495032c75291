package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpoolFolder;
import io.ratelimiter.service.decisions.spool.SpooledEvent;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * What is done on the spool's disk, and the books of it. What could not be written is dropped and
 * counted. For one thread, except where said.
 */
final class SpoolWork {

  private static final Duration MEASURE = Duration.ofMillis(500);

  /** What the work needs of its surroundings. */
  record Parts(
      DecisionsProperties properties,
      SpoolFolder folder,
      Epoch epoch,
      EventCounts counts,
      SeriesBook book,
      PastEpochs past,
      Replay replay,
      Supplier<@Nullable Producer<byte[], byte[]>> ready,
      Clock clock) {}

  private final Parts parts;
  private final SpoolDisk disk;
  private final SpoolNotes notes;
  private long nextNoteNanos = System.nanoTime();
  private long nextMeasureNanos = System.nanoTime();
  private volatile boolean epochClosed;
  private volatile long bytes;
  private volatile long oldestMillis;

  SpoolWork(Parts parts) {
    this.parts = parts;
    this.notes = new SpoolNotes(parts.epoch(), parts.book());
    this.disk =
        new SpoolDisk(
            parts.folder(), parts.properties().spoolMaxSize().toBytes(), new TakingOver());
    parts.book().add(parts.epoch());
  }

  /** Whether the disk took the last that was asked of it. Any thread. */
  boolean usable() {
    return disk.usable();
  }

  /** Why it is not usable, for messages; null while it is. Any thread. */
  @Nullable String fault() {
    return disk.fault();
  }

  /** Earlier epochs that are not closed yet. Any thread. */
  int openPastEpochs() {
    return parts.past().open();
  }

  /** What the files take on disk. Any thread. */
  long bytes() {
    return bytes;
  }

  /** For how long the oldest event has been waiting. Any thread. */
  Duration oldestAge() {
    long oldest = oldestMillis;
    return oldest == 0
        ? Duration.ZERO
        : Duration.ofMillis(Math.max(0, parts.clock().millis() - oldest));
  }

  /** The topic was told that this epoch is closed, so nothing need be noted. Any thread. */
  void epochClosed(boolean closed) {
    epochClosed = closed;
  }

  /** Counts an event that was taken from a caller and won't be written. Any thread. */
  void giveUp(Spool.Waiting waiting, DropReason reason) {
    parts.counts().inFlight.decrementAndGet();
    parts.counts().drop(waiting.handed() ? DropReason.UNCONFIRMED : reason);
    waiting.event().series().dropped(waiting.event().seq(), !waiting.handed());
  }

  /** Writes events, or drops those that the disk does not take. */
  void append(List<Spool.Waiting> batch) {
    if (batch.isEmpty()) {
      return;
    }
    int appended = disk.append(batch.stream().map(this::row).toList());
    int written = Math.max(0, appended);
    for (Spool.Waiting waiting : batch.subList(0, written)) {
      parts.counts().spooled.incrementAndGet();
      parts.counts().inFlight.decrementAndGet();
      waiting.event().series().spooled();
    }
    DropReason reason =
        appended == SpoolDisk.REFUSED ? DropReason.SPOOL_FAILED : DropReason.SPOOL_FULL;
    for (Spool.Waiting waiting : batch.subList(written, batch.size())) {
      giveUp(waiting, reason);
    }
  }

  private SpooledEvent row(Spool.Waiting waiting) {
    OutgoingEvent event = waiting.event();
    return new SpooledEvent(
        0,
        event.series().epoch(),
        event.series().partition(),
        event.seq(),
        event.kind().type(),
        event.id(),
        event.correlationId(),
        event.timeMicros(),
        event.key(),
        event.value(),
        parts.clock().millis());
  }

  /** Does what is due: replays, closes past epochs, notes the counts, measures. */
  void goOn() {
    long now = System.nanoTime();
    disk.empty(parts.replay()::settle);
    Producer<byte[], byte[]> producer = parts.ready().get();
    if (producer != null && notes.published()) {
      if (parts.counts().spooled.get() > 0) {
        disk.with(file -> parts.replay().send(file, producer));
      }
      disk.empty(file -> parts.past().close(file, producer));
    }
    if (now - nextNoteNanos >= 0) {
      nextNoteNanos = now + parts.properties().ledgerInterval().toNanos();
      disk.with(notes::noteSeries);
      if (!disk.usable()) {
        disk.write(notes::noteEpoch);
      }
    }
    if (now - nextMeasureNanos >= 0) {
      nextMeasureNanos = now + MEASURE.toNanos();
      disk.with(this::measure);
    }
  }

  /**
   * Notes that numbers of every epoch here may be on the topic from now on.
   *
   * @return whether the disk took it
   */
  boolean notePublishing() {
    notes.publish();
    return disk.with(file -> {
      notes.noteEpoch(file);
      parts.past().markPublished(file);
    });
  }

  /** Notes the last counts, or that nothing is left to say, and closes the file. */
  void finish() {
    disk.empty(parts.replay()::settle);
    disk.empty(file -> {
      notes.noteStop(file, epochClosed);
      measure(file);
      file.close();
    });
    parts.folder().close();
  }

  private void measure(SpoolFile file) throws SQLException {
    bytes = parts.folder().bytes();
    oldestMillis = parts.counts().spooled.get() == 0 ? 0 : file.oldestSpooledAtMillis().orElse(0);
  }

  private final class TakingOver implements SpoolDisk.Newcomer {

    @Override
    public void opened(SpoolFile file) throws SQLException {
      notes.beginAnew();
      notes.noteEpoch(file);
      parts.past().load(file);
    }

    /** Which numbers the disk lost is not known: they stay unsettled until the epoch is closed. */
    @Override
    public void salvaged(SpoolFile file, DropReason reason) throws SQLException {
      long left = 0;
      for (Epoch epoch : parts.book().epochs()) {
        Map<Integer, Long> spooled = new HashMap<>();
        file.series(epoch.id()).forEach(note -> spooled.put(note.partition(), note.spooled()));
        for (Series series : epoch.series()) {
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
