package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.kafka.EventSender;
import io.ratelimiter.service.decisions.kafka.LedgerPublisher;
import io.ratelimiter.service.decisions.kafka.PartitionChooser;
import io.ratelimiter.service.decisions.series.DropReason;
import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.EventCounts;
import io.ratelimiter.service.decisions.series.IssuedSeries;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the epochs that earlier processes left in the spool, and closes each once it has no
 * event on disk. For the spool's thread only.
 */
public final class EpochRecovery {

  private static final Logger log = LoggerFactory.getLogger(EpochRecovery.class);
  private static final int BATCH = 500;

  private final Epoch current;
  private final SpooledEpochs epochs;
  private final EventCounts counts;
  private final LedgerPublisher ledgers;
  private final Renumberer renumberer = new Renumberer();
  private final Map<String, EpochRow> rows = new HashMap<>();

  /** Series whose last ledger Kafka has not acknowledged, by epoch. */
  private final Map<String, CompletableFuture<List<IssuedSeries>>> closing = new HashMap<>();

  private volatile int open;

  public EpochRecovery(
      Epoch current, SpooledEpochs epochs, EventCounts counts, LedgerPublisher ledgers) {
    this.current = current;
    this.epochs = epochs;
    this.counts = counts;
    this.ledgers = ledgers;
  }

  /** Reads the epochs of earlier processes; one that is already loaded is unchanged. */
  void load(SpoolFile file) throws SQLException {
    addUnknown(file);
    for (EpochRow row : file.epochs()) {
      if (!epochs.contains(row.id())) {
        load(file, row);
      }
    }
  }

  /** A torn file may have lost the row of an epoch whose events it kept. */
  private void addUnknown(SpoolFile file) throws SQLException {
    for (String id : file.unknownEpochs()) {
      if (!id.equals(current.id())) {
        int highest = file.series(id).stream().mapToInt(SeriesCounts::partition).max().orElse(0);
        int partitions = Math.max(highest + 1, current.series().size());
        file.write(new EpochRow(id, current.instance(), partitions, true, false));
      }
    }
  }

  private void load(SpoolFile file, EpochRow row) throws SQLException {
    Epoch epoch = Epoch.resume(row, file.series(row.id()));
    if (!row.published() && row.partitions() != current.series().size()) {
      renumber(file, epoch);
      return;
    }
    rows.put(row.id(), row);
    open = rows.size();
    epochs.add(epoch);
    counts.recovered.add(epoch.spooled());
    counts.spooled.addAndGet(epoch.spooled());
    log.info("Epoch {} of an earlier start left {} events", row.id(), epoch.spooled());
  }

  /** None of its numbers was published and its partitions are not the topic's. */
  private void renumber(SpoolFile file, Epoch past) throws SQLException {
    log.info("Renumbering {} events of epoch {}", past.spooled(), past.id());
    List<SpooledEvent> batch = file.read(past.id(), 0, BATCH);
    while (!batch.isEmpty()) {
      replace(file, batch);
      batch = file.read(past.id(), batch.getLast().row(), BATCH);
    }
    carryDropped(past);
    file.delete(past.id());
  }

  private void replace(SpoolFile file, List<SpooledEvent> batch) throws SQLException {
    PartitionChooser chooser = new PartitionChooser(current.series().size());
    List<IssuedSeries> places = new ArrayList<>();
    List<SpooledEvent> renumbered = new ArrayList<>();
    for (SpooledEvent event : batch) {
      IssuedSeries series = current.series().get(chooser.partitionOf(event.key()));
      places.add(series);
      renumbered.add(renumberer.renumber(event, series.position(series.issue())));
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
    places.forEach(IssuedSeries::spooled);
    counts.spooled.addAndGet(places.size());
  }

  /** Drops as many numbers of the current epoch as the past one had dropped. */
  private void carryDropped(Epoch past) {
    for (IssuedSeries series : past.series()) {
      IssuedSeries target = current.series().get(series.partition() % current.series().size());
      for (long i = series.counts().dropped(); i > 0; i--) {
        counts.drop(DropReason.EARLIER);
        target.dropped(target.issue(), true);
      }
    }
  }

  /** Stores that numbers of these epochs may be on the topic from now on. */
  void markPublished(SpoolFile file) throws SQLException {
    for (EpochRow row : List.copyOf(rows.values())) {
      if (!row.published()) {
        file.write(row.asPublished());
        rows.put(row.id(), row.asPublished());
      }
    }
  }

  /** Closes the epochs without an event on disk. Does not wait for Kafka. */
  void close(SpoolFile file, EventSender kafka) throws SQLException {
    for (Epoch epoch : epochs.all()) {
      EpochRow row = rows.get(epoch.id());
      if (row != null && epoch.spooled() == 0) {
        close(file, kafka, epoch, row);
      }
    }
  }

  private void close(SpoolFile file, EventSender kafka, Epoch epoch, EpochRow row)
      throws SQLException {
    CompletableFuture<List<IssuedSeries>> unacked = closing.get(epoch.id());
    if (unacked == null) {
      List<IssuedSeries> onTopic =
          epoch.series().stream()
              .filter(series -> series.partition() < current.series().size())
              .toList();
      closing.put(epoch.id(), ledgers.close(kafka, onTopic, !row.stopped()));
    } else if (unacked.isDone() && !unacked.join().isEmpty()) {
      closing.put(epoch.id(), ledgers.close(kafka, unacked.join(), !row.stopped()));
    } else if (unacked.isDone()) {
      file.delete(epoch.id());
      closing.remove(epoch.id());
      rows.remove(epoch.id());
      open = rows.size();
      epochs.remove(epoch);
    }
  }

  /** Epochs that are not yet closed. Any thread. */
  int open() {
    return open;
  }
}
