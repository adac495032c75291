package io.ratelimiter.service.decisions.spool;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a damaged spool still shows. A range of rows is read from its lower end up to a tear
 * and from its upper end down to one; what lies between is halved and tried again, until too many
 * attempts in all have found nothing. Only rows with the right checksum are taken.
 */
final class TornSpool {

  private static final Logger log = LoggerFactory.getLogger(TornSpool.class);
  private static final int MAX_FAILURES = 300;
  private static final int BATCH = 500;
  private static final long HIGHEST_ROW = 1L << 40;
  private static final long SMALLEST_GAP = 8;

  private record Range(long lowest, long highest) {}

  /** Some rows in one direction; torn when the next one could not be read. */
  private record Piece(List<SpooledEvent> events, long last, boolean torn) {}

  private final Path torn;
  private final SpoolFile copy;
  private long copied;

  TornSpool(Path torn, SpoolFile copy) {
    this.torn = torn;
    this.copy = copy;
  }

  /**
   * Copies what can be read.
   *
   * @return how many events that was
   * @throws SQLException when the copy cannot be written
   */
  long copy() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + torn)) {
      try (Statement statement = connection.createStatement()) {
        // Without it SQLite does not open a file that is shorter than its header says.
        statement.execute("pragma writable_schema = on");
      }
      copyEpochs(connection);
      copy.beginAdoption();
      copyEvents(connection);
      copy.adopted();
    }
    return copied;
  }

  private void copyEpochs(Connection connection) throws SQLException {
    SpoolRows rows = new SpoolRows(connection);
    try {
      for (EpochNote epoch : rows.epochs()) {
        copy.note(epoch);
        copy.note(epoch.id(), rows.series(epoch.id()));
      }
    } catch (SQLException e) {
      log.warn("Not every epoch could be read from the torn spool: {}", e.getMessage());
    }
  }

  private void copyEvents(Connection connection) throws SQLException {
    Deque<Range> unread = new ArrayDeque<>(List.of(new Range(1, HIGHEST_ROW)));
    int failures = 0;
    while (!unread.isEmpty() && failures < MAX_FAILURES) {
      Range range = unread.pop();
      long below = copyUpwards(connection, range);
      if (below < range.highest()) {
        failures++;
        long above = copyDownwards(connection, new Range(below + 1, range.highest()));
        split(new Range(below + 1, above - 1), unread);
      }
    }
  }

  /** The lower half is tried first: rows are numbered from below, and few reach up high. */
  private static void split(Range gap, Deque<Range> unread) {
    if (gap.highest() - gap.lowest() >= SMALLEST_GAP) {
      long middle = gap.lowest() + (gap.highest() - gap.lowest()) / 2;
      unread.push(new Range(middle + 1, gap.highest()));
      unread.push(new Range(gap.lowest(), middle));
    }
  }

  /** Copies from the lower end; answers the row before the tear, the range's end without one. */
  private long copyUpwards(Connection connection, Range range) throws SQLException {
    long from = range.lowest();
    while (from <= range.highest()) {
      Piece piece = read(connection, new Range(from, range.highest()), "asc", from - 1);
      adopt(piece.events());
      if (piece.torn()) {
        return piece.last();
      }
      from = piece.last() < from ? range.highest() + 1 : piece.last() + 1;
    }
    return range.highest();
  }

  /** Copies from the upper end; answers the row after the tear, the range's start without one. */
  private long copyDownwards(Connection connection, Range range) throws SQLException {
    long from = range.highest();
    while (from >= range.lowest()) {
      Piece piece = read(connection, new Range(range.lowest(), from), "desc", from + 1);
      adopt(piece.events());
      if (piece.torn()) {
        return piece.last();
      }
      from = piece.last() > from ? range.lowest() - 1 : piece.last() - 1;
    }
    return range.lowest();
  }

  private void adopt(List<SpooledEvent> events) throws SQLException {
    copy.adopt(events);
    copied += events.size();
  }

  private static Piece read(Connection connection, Range range, String direction, long nothing) {
    List<SpooledEvent> events = new ArrayList<>();
    long last = nothing;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select * from event where id between ? and ? order by id %s limit %d"
                .formatted(direction, BATCH))) {
      statement.setLong(1, range.lowest());
      statement.setLong(2, range.highest());
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          SpooledEvent event = SpoolRows.intact(result);
          if (event != null) {
            events.add(event);
          }
          last = Math.clamp(result.getLong("id"), range.lowest(), range.highest());
        }
      }
      return new Piece(events, last, false);
    } catch (SQLException e) {
      log.debug("The spool is torn at row {}: {}", last, e.getMessage());
      return new Piece(events, last, true);
    }
  }
}
