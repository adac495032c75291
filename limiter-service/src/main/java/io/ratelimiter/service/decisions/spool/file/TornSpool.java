package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.service.decisions.series.EpochRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + torn)) {
      try (Statement statement = connection.createStatement()) {
        // Without it SQLite does not open a file that is shorter than its header says.
        statement.execute("pragma writable_schema = on");
      }
      copyEpochs(new SpoolRows(connection));
      copy.beginAdoption();
      long copied = copyEvents(connection);
      copy.adopted();
      return copied;
    }
  }

  private void copyEpochs(SpoolRows rows) throws SQLException {
    try {
      for (EpochRow epoch : rows.epochs()) {
        copy.write(epoch);
        copy.write(epoch.id(), rows.series(epoch.id()));
      }
    } catch (SQLException e) {
      log.warn("Not every epoch could be read from the torn spool: {}", e.getMessage());
    }
  }

  private long copyEvents(Connection connection) throws SQLException {
    long copied = 0;
    try (Events events = new Events(connection)) {
      List<SpooledEvent> batch = events.next();
      while (!batch.isEmpty()) {
        copy.adopt(batch);
        copied += batch.size();
        batch = events.next();
      }
    }
    return copied;
  }

  /** The intact events of the damaged file, up to the first error. */
  private static final class Events implements AutoCloseable {

    private final Statement statement;
    private @Nullable ResultSet rows;

    Events(Connection connection) throws SQLException {
      statement = connection.createStatement();
      try {
        rows = statement.executeQuery("select * from event order by id");
      } catch (SQLException e) {
        end(e);
      }
    }

    /** The next events; empty at the end or at the first error. */
    List<SpooledEvent> next() {
      List<SpooledEvent> batch = new ArrayList<>();
      try {
        while (rows != null && batch.size() < BATCH && rows.next()) {
          SpooledEvent event = SpoolRows.intact(rows);
          if (event != null) {
            batch.add(event);
          }
        }
      } catch (SQLException e) {
        end(e);
      }
      return batch;
    }

    private void end(SQLException e) {
      log.debug("The torn spool cannot be read further: {}", e.getMessage());
      rows = null;
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }
}
