package io.ratelimiter.auditor.store;

import io.ratelimiter.schemas.Watermark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes away what a run of a lower generation wrote and the new run did not write over: once the
 * new run has closed a minute on a partition, whatever is still there of an older run is wrong.
 */
final class Generations {

  /** From when on rows of older runs may still stand, by partition: seconds since 1970. */
  private final Map<Integer, Span> open = new HashMap<>();

  private record Span(int generation, long from, long to) {}

  void removeReplaced(List<Watermark> watermarks, Connection connection) throws SQLException {
    for (Watermark watermark : watermarks) {
      removeReplaced(watermark, connection);
    }
  }

  private void removeReplaced(Watermark watermark, Connection connection) throws SQLException {
    Span span = open.get(watermark.partition());
    if (span == null || span.generation() != watermark.generation()) {
      span = look(watermark, connection);
    }
    if (span.from() < Math.min(span.to(), watermark.closedBefore())) {
      remove("audit.rate_limit_totals", span.from(), watermark, connection);
      remove("audit.rate_limit_metrics", span.from(), watermark, connection);
      span = new Span(span.generation(), watermark.closedBefore(), span.to());
    }
    open.put(watermark.partition(), span);
  }

  /**
   * Where rows of older runs still stand, in both tables: the new run may have written over a total
   * already and not yet over all of its clients. Reads both tables once for each generation.
   */
  private static Span look(Watermark watermark, Connection connection) throws SQLException {
    if (watermark.generation() == 1) {
      return new Span(1, 0, 0);
    }
    String sql =
        """
        SELECT coalesce(extract(epoch FROM min(window_start))::bigint, 0),
               coalesce(extract(epoch FROM max(window_start))::bigint + 60, 0)
        FROM (
          SELECT window_start, partition, generation FROM audit.rate_limit_totals
          UNION ALL
          SELECT window_start, partition, generation FROM audit.rate_limit_metrics) AS old
        WHERE partition = ? AND generation < ? AND window_start >= to_timestamp(?)
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, watermark.partition());
      statement.setInt(2, watermark.generation());
      statement.setLong(3, watermark.wholeFrom());
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return new Span(watermark.generation(), result.getLong(1), result.getLong(2));
      }
    }
  }

  private static void remove(String table, long from, Watermark watermark, Connection connection)
      throws SQLException {
    String sql =
        "DELETE FROM "
            + table
            + " WHERE window_start >= to_timestamp(?) AND window_start < to_timestamp(?)"
            + " AND partition = ? AND generation < ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, from);
      statement.setLong(2, watermark.closedBefore());
      statement.setInt(3, watermark.partition());
      statement.setInt(4, watermark.generation());
      statement.executeUpdate();
    }
  }

  /** Looks again: what was removed may have been rolled back. */
  void forget() {
    open.clear();
  }
}
