package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.EpochNote;
import io.ratelimiter.service.decisions.spool.SeriesNote;
import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpoolFolder;
import io.ratelimiter.service.decisions.spool.SpoolOpening;
import io.ratelimiter.service.decisions.spool.SpooledEvent;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done on the spool's file, and the books of it. A disk that refuses is asked again; what
 * could not be written meanwhile is dropped and counted. For one thread, except where said.
 */
final class SpoolWork {

  private static final Logger log = LoggerFactory.getLogger(SpoolWork.class);
  private static final Duration REOPEN = Duration.ofSeconds(2);
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
  private final Map<String, List<SeriesNote>> noted = new HashMap<>();
  private @Nullable SpoolFile file;
  private boolean published;
  private String said = "";
  private long nextOpenNanos = System.nanoTime();
  private long nextNoteNanos = System.nanoTime();
  private long nextMeasureNanos = System.nanoTime();
  private volatile boolean epochClosed;
  private volatile boolean usable;
  private volatile long bytes;
  private volatile long oldestMillis;

  SpoolWork(Parts parts) {
    this.parts = parts;
    parts.book().add(parts.epoch());
  }

  /** Whether the disk took the last that was asked of it. Any thread. */
  boolean usable() {
    return usable;
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
    SpoolFile open = openFile();
    int written = 0;
    DropReason reason = DropReason.SPOOL_FAILED;
    if (open != null) {
      try {
        written = open.append(batch.stream().map(this::row).toList());
        reason = DropReason.SPOOL_FULL;
        worked();
      } catch (SQLException e) {
        fault(e);
      }
    }
    for (Spool.Waiting waiting : batch.subList(0, written)) {
      parts.counts().spooled.incrementAndGet();
      parts.counts().inFlight.decrementAndGet();
      waiting.event().series().spooled();
    }
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
    onFile(parts.replay()::settle);
    Producer<byte[], byte[]> producer = parts.ready().get();
    if (producer != null && published) {
      if (parts.counts().spooled.get() > 0) {
        onFile(open -> parts.replay().send(open, producer));
      }
      onFile(open -> parts.past().close(open, producer));
    }
    if (now - nextNoteNanos >= 0) {
      nextNoteNanos = now + parts.properties().ledgerInterval().toNanos();
      onFile(this::noteSeries);
    }
    if (now - nextMeasureNanos >= 0) {
      nextMeasureNanos = now + MEASURE.toNanos();
      onFile(this::measure);
    }
  }

  /**
   * Notes that numbers of every epoch here may be on the topic from now on.
   *
   * @return whether the disk took it
   */
  boolean notePublishing() {
    published = true;
    return onFile(open -> {
      open.note(note(false));
      parts.past().markPublished(open);
    });
  }

  /** Notes the last counts, or that nothing is left to say, and closes the file. */
  void finish() {
    onFile(parts.replay()::settle);
    onFile(open -> {
      noteSeries(open);
      if (epochClosed && parts.epoch().spooled() == 0) {
        open.forget(parts.epoch().id());
      } else {
        open.note(note(true));
      }
      measure(open);
      open.close();
    });
    parts.folder().close();
  }

  private EpochNote note(boolean stopped) {
    Epoch epoch = parts.epoch();
    return new EpochNote(epoch.id(), epoch.instance(), epoch.series().size(), published, stopped);
  }

  private void noteSeries(SpoolFile open) throws SQLException {
    for (Epoch epoch : parts.book().epochs()) {
      List<SeriesNote> notes = epoch.notes();
      if (!notes.equals(noted.get(epoch.id()))) {
        open.note(epoch.id(), notes);
        noted.put(epoch.id(), notes);
      }
    }
  }

  private void measure(SpoolFile open) throws SQLException {
    bytes = parts.folder().bytes();
    oldestMillis = parts.counts().spooled.get() == 0 ? 0 : open.oldestSpooledAtMillis().orElse(0);
  }

  private interface FileWork {
    void on(SpoolFile file) throws SQLException;
  }

  private boolean onFile(FileWork task) {
    SpoolFile open = openFile();
    if (open == null) {
      return false;
    }
    try {
      task.on(open);
      return true;
    } catch (SQLException e) {
      fault(e);
      return false;
    }
  }

  private @Nullable SpoolFile openFile() {
    if (file == null && System.nanoTime() - nextOpenNanos >= 0) {
      nextOpenNanos = System.nanoTime() + REOPEN.toNanos();
      try {
        begin(SpoolOpening.open(parts.folder(), maxBytes()));
        worked();
      } catch (SQLException | UncheckedIOException e) {
        fault(e);
      }
    }
    return file;
  }

  private void begin(SpoolFile opened) throws SQLException {
    try {
      opened.note(note(false));
      parts.past().load(opened);
      file = opened;
    } finally {
      if (file == null) {
        opened.close();
      }
    }
  }

  private long maxBytes() {
    return parts.properties().spoolMaxSize().toBytes();
  }

  private void worked() {
    if (!said.isEmpty()) {
      log.info("The spool works again");
    }
    said = "";
    usable = true;
  }

  private void fault(Exception e) {
    usable = false;
    String message = String.valueOf(e.getMessage());
    if (!message.equals(said)) {
      log.warn("The spool does not work: {}", message);
    }
    said = message;
    SpoolFile open = file;
    if (open != null && e instanceof SQLException fault && SpoolOpening.torn(fault)) {
      salvage(open);
    }
  }

  private void salvage(SpoolFile torn) {
    file = null;
    try {
      torn.close();
      SpoolFile salvaged = SpoolOpening.salvage(parts.folder(), maxBytes());
      recount(salvaged);
      file = salvaged;
    } catch (SQLException | UncheckedIOException e) {
      log.error("The torn spool could not be salvaged, it is tried again", e);
    }
  }

  /** Which numbers the disk lost is not known: they stay unsettled until the epoch is closed. */
  private void recount(SpoolFile salvaged) throws SQLException {
    long left = 0;
    for (Epoch epoch : parts.book().epochs()) {
      Map<Integer, Long> spooled = new HashMap<>();
      salvaged.series(epoch.id()).forEach(note -> spooled.put(note.partition(), note.spooled()));
      for (Series series : epoch.series()) {
        long now = spooled.getOrDefault(series.partition(), 0L);
        series.lostOnDisk(now);
        left += now;
      }
    }
    parts.counts().drop(DropReason.SPOOL_CORRUPT, parts.counts().spooled.get() - left);
    parts.counts().spooled.set(left);
    parts.replay().restart();
  }
}
