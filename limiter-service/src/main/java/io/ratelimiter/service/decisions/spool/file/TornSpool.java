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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the events of a damaged spool, in ascending order up to the first read error. A row with a
 * wrong checksum is skipped. A read whose error may pass is repeated, up to {@value #REPEATS}
 * times.
 */
final class TornSpool {

  private static final Logger log = LoggerFactory.getLogger(TornSpool.class);
  private static final int BATCH = 500;
  private static final int REPEATS = 3;
  private static final Duration PAUSE = Duration.ofMillis(100);

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
   * @throws SQLException when the copy cannot be written, or another process keeps the file locked
   */
  long copy() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + torn)) {
      try (Statement statement = connection.createStatement()) {
        // Without it SQLite does not open a file that is shorter than its header states.
        statement.execute("pragma writable_schema = on");
      }
      return copy(connection);
    }
  }

  /** Copies what can be read over this connection. */
  long copy(Connection connection) throws SQLException {
    long copied = 0;
    copyEpochs(new EpochRows(connection));
    copy.beginAdoption();
    while (!ended) {
      List<SpooledEvent> batch = new ArrayList<>();
      read(connection, batch);
      copy.adopt(batch);
      copied += batch.size();
    }
    copy.adopted();
    return copied;
  }

  private interface Reading<T> {
    T read() throws SQLException;
  }

  /** Repeats a reading while its failure may pass. */
  private static <T> T persistently(Reading<T> reading) throws SQLException {
    for (int repeats = 0; ; repeats++) {
      try {
        return reading.read();
      } catch (SQLException e) {
        if (repeats == REPEATS || !SpoolOpening.mayPass(e)) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
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

  private static List<EpochRow> readEpochs(EpochRows rows) throws SQLException {
    try {
      return persistently(rows::all);
    } catch (SQLException e) {
      unreadable("The epochs", e);
      return List.of();
    }
  }

  /**
   * The stored counts, or null when they cannot be read. Without them an epoch is not final: events
   * after the damage would be missing from its numbers.
   */
  private static @Nullable List<SeriesCounts> readCounts(EpochRows rows, String epoch)
      throws SQLException {
    try {
      return persistently(() -> rows.storedSeries(epoch));
    } catch (SQLException e) {
      unreadable("The counts of epoch " + epoch, e);
      return null;
    }
  }

  /** Adds the intact events of the next rows. */
  private void read(Connection connection, List<SpooledEvent> events) throws SQLException {
    long previous = lastRow;
    try {
      persistently(() -> readAfterLastRow(connection, events));
      ended = lastRow == previous;
    } catch (SQLException e) {
      unreadable("The events after row " + lastRow, e);
      ended = true;
    }
  }

  /** Logs what is lost; a locked file is unharmed, so that its salvage fails instead. */
  private static void unreadable(String what, SQLException e) throws SQLException {
    if (SpoolOpening.locked(e)) {
      throw e;
    }
    log.warn("{} of the torn spool cannot be read: {}", what, e.getMessage());
  }

  private List<SpooledEvent> readAfterLastRow(Connection connection, List<SpooledEvent> events)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select * from event where id > ? order by id limit ?")) {
      statement.setLong(1, lastRow);
      statement.setInt(2, BATCH);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          SpooledEvent event = EventRows.intact(rows);
          if (event != null) {
            events.add(event);
          }
          lastRow = Math.max(lastRow, rows.getLong("id"));
        }
      }
    }
    return events;
  }
}
