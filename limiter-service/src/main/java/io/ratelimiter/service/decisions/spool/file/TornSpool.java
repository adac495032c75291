package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the events of a damaged spool, in ascending order up to the first read error. A row with a
 * wrong checksum is skipped.
 */
final class TornSpool {

  private static final Logger log = LoggerFactory.getLogger(TornSpool.class);
  private static final int BATCH = 500;

  private final Path torn;
  private final SpoolFile copy;
  private long lastRow;
  private boolean ended;

  TornSpool(Path torn, SpoolFile copy) {
    this.torn = torn;
    this.copy = copy;
  }

  /**
   * Copies what can be read. Blocks on the disk.
   *
   * @return number of events read
   * @throws SQLException when the copy cannot be written
   */
  long copy() throws SQLException {
    long copied = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + torn)) {
      try (Statement statement = connection.createStatement()) {
        // Without it SQLite does not open a file that is shorter than its header states.
        statement.execute("pragma writable_schema = on");
      }
      copyEpochs(new EpochRows(connection));
      copy.beginAdoption();
      while (!ended) {
        List<SpooledEvent> batch = read(connection);
        copy.adopt(batch);
        copied += batch.size();
      }
      copy.adopted();
    }
    return copied;
  }

  private void copyEpochs(EpochRows rows) throws SQLException {
    for (EpochRow epoch : readEpochs(rows)) {
      List<SeriesCounts> counts = readCounts(rows, epoch.id());
      copy.write(counts == null ? epoch.asNotStopped() : epoch);
      if (counts != null) {
        copy.write(epoch.id(), counts);
      }
    }
  }

  private static List<EpochRow> readEpochs(EpochRows rows) {
    try {
      return rows.all();
    } catch (SQLException e) {
      log.warn("The epochs cannot be read from the torn spool: {}", e.getMessage());
      return List.of();
    }
  }

  /**
   * The stored counts, or null when they cannot be read. Without them an epoch is not final: events
   * after the damage would be missing from its numbers.
   */
  private static @Nullable List<SeriesCounts> readCounts(EpochRows rows, String epoch) {
    try {
      return rows.storedSeries(epoch);
    } catch (SQLException e) {
      log.warn("The counts of epoch {} cannot be read: {}", epoch, e.getMessage());
      return null;
    }
  }

  /** The intact events of the next rows. */
  private List<SpooledEvent> read(Connection connection) {
    List<SpooledEvent> events = new ArrayList<>();
    long previous = lastRow;
    try (PreparedStatement statement =
        connection.prepareStatement("select * from event where id > ? order by id limit ?")) {
      statement.setLong(1, previous);
      statement.setInt(2, BATCH);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          lastRow = Math.max(lastRow, rows.getLong("id"));
          SpooledEvent event = EventRows.intact(rows);
          if (event != null) {
            events.add(event);
          }
        }
      }
      ended = lastRow == previous;
    } catch (SQLException e) {
      log.warn("The torn spool cannot be read after row {}: {}", lastRow, e.getMessage());
      ended = true;
    }
    return events;
  }
}
