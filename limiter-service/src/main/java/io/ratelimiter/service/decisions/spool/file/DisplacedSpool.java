package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.service.decisions.series.EpochRow;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A spool whose file is open but no longer at its path; its events are copied to a new file. */
final class DisplacedSpool {

  private static final Logger log = LoggerFactory.getLogger(DisplacedSpool.class);
  private static final int BATCH = 500;

  private final SpoolFile displaced;
  private final SpoolFile copy;

  DisplacedSpool(SpoolFile displaced, SpoolFile copy) {
    this.displaced = displaced;
    this.copy = copy;
  }

  /**
   * Copies what can be read, under new row ids, except events that the new file already has. Blocks
   * on the disk.
   *
   * @throws SQLException when the copy cannot be written
   */
  void copy() throws SQLException {
    for (EpochRow epoch : readable(displaced::epochs)) {
      copy.write(epoch);
      copy.write(epoch.id(), readable(() -> displaced.series(epoch.id())));
    }
    copy.beginAdoption();
    List<SpooledEvent> batch = read(0);
    while (!batch.isEmpty()) {
      copy.adoptAtEnd(batch);
      batch = read(batch.getLast().row());
    }
    copy.adopted();
  }

  private List<SpooledEvent> read(long afterRow) {
    return readable(() -> displaced.read(afterRow, BATCH));
  }

  private interface Reading<T> {
    List<T> read() throws SQLException;
  }

  private static <T> List<T> readable(Reading<T> reading) {
    try {
      return reading.read();
    } catch (SQLException e) {
      log.warn("The displaced spool cannot be read to its end: {}", e.getMessage());
      return List.of();
    }
  }
}
