package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.series.Epoch;
import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import io.ratelimiter.service.decisions.spool.file.SpoolFile;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes to disk what a later process needs to close this epoch. For one thread. */
final class EpochWriter {

  private final Epoch current;
  private final SpooledEpochs epochs;
  private final Map<String, List<SeriesCounts>> written = new HashMap<>();
  private boolean published;

  EpochWriter(Epoch current, SpooledEpochs epochs) {
    this.current = current;
    this.epochs = epochs;
  }

  /** Whether numbers of this epoch may be on the topic. */
  boolean published() {
    return published;
  }

  /** Records in memory that numbers of this epoch may be on the topic from now on. */
  void markPublished() {
    published = true;
  }

  /** Writes everything again, because the file was replaced. */
  void reset() {
    written.clear();
  }

  /** Writes the current epoch. */
  void writeEpoch(SpoolFile file) throws SQLException {
    file.write(row(false));
  }

  /** Writes the counts of every epoch that has changed. */
  void writeCounts(SpoolFile file) throws SQLException {
    for (Epoch epoch : epochs.all()) {
      List<SeriesCounts> counts = epoch.counts();
      if (!counts.equals(written.get(epoch.id()))) {
        file.write(epoch.id(), counts);
        written.put(epoch.id(), counts);
      }
    }
  }

  /**
   * Writes the last counts of an orderly stop, or deletes the epoch if it needs none.
   *
   * @param closed whether Kafka acknowledged the last ledgers of the epoch
   */
  void writeStop(SpoolFile file, boolean closed) throws SQLException {
    writeCounts(file);
    if (closed && current.spooled() == 0) {
      file.delete(current.id());
    } else {
      file.write(row(true));
    }
  }

  private EpochRow row(boolean stopped) {
    return new EpochRow(current.name(), current.series().size(), published, stopped);
  }
}
