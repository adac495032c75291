package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.EpochNote;
import io.ratelimiter.service.decisions.spool.SeriesNote;
import io.ratelimiter.service.decisions.spool.SpoolFile;
import io.ratelimiter.service.decisions.spool.SpooledEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what earlier processes left in the spool, and closes each of their epochs once none of
 * its events waits any more. For the spool's thread only.
 */
final class PastEpochs {

  private static final Logger log = LoggerFactory.getLogger(PastEpochs.class);
  private static final int BATCH = 500;

  private final Epoch current;
  private final SeriesBook book;
  private final EventCounts counts;
  private final Ledger ledger;
  private final Renumbering renumbering = new Renumbering();
  private final Map<String, EpochNote> notes = new HashMap<>();
  private final Map<String, CompletableFuture<List<Series>>> closing = new HashMap<>();
  private volatile int open;

  PastEpochs(Epoch current, SeriesBook book, EventCounts counts, Ledger ledger) {
    this.current = current;
    this.book = book;
    this.counts = counts;
    this.ledger = ledger;
  }

  /** Reads the notes of earlier processes; an epoch that is known already is left as it is. */
  void load(SpoolFile file) throws SQLException {
    noteStrays(file);
    for (EpochNote note : file.epochs()) {
      if (!book.knows(note.id())) {
        load(file, note);
      }
    }
  }

  /** A torn file may have lost the note of an epoch whose events it kept. */
  private void noteStrays(SpoolFile file) throws SQLException {
    for (String stray : file.unnotedEpochs()) {
      if (!stray.equals(current.id())) {
        int highest = file.series(stray).stream().mapToInt(SeriesNote::partition).max().orElse(0);
        int partitions = Math.max(highest + 1, current.series().size());
        file.note(new EpochNote(stray, current.instance(), partitions, true, false));
      }
    }
  }

  private void load(SpoolFile file, EpochNote note) throws SQLException {
    Epoch epoch = Epoch.resume(note, file.series(note.id()));
    if (!note.published() && note.partitions() != current.series().size()) {
      renumber(file, epoch);
      return;
    }
    notes.put(note.id(), note);
    open = notes.size();
    book.add(epoch);
    counts.recovered.add(epoch.spooled());
    counts.spooled.addAndGet(epoch.spooled());
    log.info("Epoch {} of an earlier start left {} events", note.id(), epoch.spooled());
  }

  /** Nobody ever saw its numbers, and its partitions are not the topic's: it gets ours. */
  private void renumber(SpoolFile file, Epoch past) throws SQLException {
    log.info("{} events of epoch {} are numbered anew", past.spooled(), past.id());
    List<SpooledEvent> batch = file.read(past.id(), 0, BATCH);
    while (!batch.isEmpty()) {
      replace(file, batch);
      batch = file.read(past.id(), batch.getLast().row(), BATCH);
    }
    carryDropped(past);
    file.forget(past.id());
  }

  private void replace(SpoolFile file, List<SpooledEvent> batch) throws SQLException {
    PartitionChooser chooser = new PartitionChooser(current.series().size());
    List<Series> places = new ArrayList<>();
    List<SpooledEvent> renumbered = new ArrayList<>();
    for (SpooledEvent event : batch) {
      Series series = current.series().get(chooser.partitionOf(event.key()));
      places.add(series);
      counts.issued.increment();
      renumbered.add(renumbering.renumber(event, series.position(series.issue())));
    }
    try {
      file.replace(renumbered);
    } catch (SQLException e) {
      for (int i = 0; i < places.size(); i++) {
        places.get(i).dropped(renumbered.get(i).seq(), true);
        counts.drop(DropReason.SPOOL_FAILED);
      }
      throw e;
    }
    places.forEach(Series::spooled);
    counts.spooled.addAndGet(places.size());
  }

  /** What it dropped is named under our numbers. */
  private void carryDropped(Epoch past) {
    for (Series series : past.series()) {
      Series ours = current.series().get(series.partition() % current.series().size());
      for (long i = series.note().dropped(); i > 0; i--) {
        counts.issued.increment();
        counts.drop(DropReason.EARLIER);
        ours.dropped(ours.issue(), true);
      }
    }
  }

  /** From now on numbers of these epochs may be on the topic. */
  void markPublished(SpoolFile file) throws SQLException {
    for (EpochNote note : List.copyOf(notes.values())) {
      if (!note.published()) {
        EpochNote published =
            new EpochNote(note.id(), note.instance(), note.partitions(), true, note.stopped());
        file.note(published);
        notes.put(note.id(), published);
      }
    }
  }

  /** Closes epochs of which nothing waits any more. Does not wait for Kafka. */
  void close(SpoolFile file, Producer<byte[], byte[]> producer) throws SQLException {
    for (Epoch epoch : book.epochs()) {
      EpochNote note = notes.get(epoch.id());
      if (note != null && epoch.spooled() == 0) {
        close(file, producer, epoch, note);
      }
    }
  }

  private void close(SpoolFile file, Producer<byte[], byte[]> producer, Epoch epoch, EpochNote note)
      throws SQLException {
    CompletableFuture<List<Series>> told = closing.get(epoch.id());
    if (told == null) {
      List<Series> onTheTopic =
          epoch.series().stream()
              .filter(series -> series.partition() < current.series().size())
              .toList();
      closing.put(epoch.id(), ledger.close(producer, onTheTopic, !note.stopped()));
    } else if (told.isDone() && !told.join().isEmpty()) {
      closing.put(epoch.id(), ledger.close(producer, told.join(), !note.stopped()));
    } else if (told.isDone()) {
      file.forget(epoch.id());
      closing.remove(epoch.id());
      notes.remove(epoch.id());
      open = notes.size();
      book.remove(epoch);
    }
  }

  /** How many are not closed yet. Any thread. */
  int open() {
    return open;
  }
}
