package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.Watermark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deletes rows of lower generations that the current one did not overwrite: when it has closed a
 * minute on a partition, all rows of lower generations in it are wrong.
 */
final class GenerationCleanup {

  /** The minutes that may have rows of lower generations, by partition. */
  private final Map<Integer, Span> spans = new HashMap<>();

  /** Minutes from {@code from} to before {@code to}, seconds since 1970. */
  private record Span(int generation, long from, long to) {}

  /** Deletes the rows of minutes that these watermarks close. */
  void deleteReplaced(List<Watermark> watermarks, Connection connection) throws SQLException {
    for (Watermark watermark : watermarks) {
      deleteReplaced(watermark, connection);
    }
  }

  private void deleteReplaced(Watermark watermark, Connection connection) throws SQLException {
    Span span = spans.get(watermark.partition());
    if (span == null || span.generation() != watermark.generation()) {
      span = find(watermark, connection);
    }
    if (span.from() < Math.min(span.to(), watermark.closedBefore())) {
      delete("audit.rate_limit_totals", span.from(), watermark, connection);
      delete("audit.rate_limit_metrics", span.from(), watermark, connection);
      span = new Span(span.generation(), watermark.closedBefore(), span.to());
    }
    spans.put(watermark.partition(), span);
  }

  /**
   * Finds the minutes with rows of lower generations, in both tables: the current generation may
   * have overwritten a total but not yet the rows of its clients. Reads each table once per
   * generation.
   */
  private static Span find(Watermark watermark, Connection connection) throws SQLException {
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

  private static void delete(String table, long from, Watermark watermark, Connection connection)
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

  /** Makes the next call find them again, since a deletion may have been rolled back. */
  void invalidate() {
    spans.clear();
  }
}
