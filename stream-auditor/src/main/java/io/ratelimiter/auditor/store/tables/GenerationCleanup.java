package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.auditor.store.tables.ServedGenerations.Counted;
import io.ratelimiter.schemas.audit.Watermark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Deletes rows of lower generations that the current one did not overwrite: when it has closed a
 * minute on a partition, all rows of lower generations in it are wrong.
 */
final class GenerationCleanup {

  /** The minutes that may have rows of lower generations. */
  private final Map<Counted, Span> spans = new HashMap<>();

  /** Minutes from {@code from} to before {@code to}, seconds since 1970. */
  private record Span(long from, long to) {}

  /** Deletes the rows of minutes that this watermark closes. */
  void deleteReplaced(Counted counted, Watermark watermark, Connection connection)
      throws SQLException {
    Span span = spans.get(counted);
    if (span == null) {
      span = find(counted, watermark.wholeFrom(), connection);
    }
    if (span.from() < Math.min(span.to(), watermark.closedBefore())) {
      for (Table table : Table.values()) {
        delete(table, counted, span.from(), watermark, connection);
      }
      span = new Span(watermark.closedBefore(), span.to());
    }
    spans.put(counted, span);
  }

  /** Finds the minutes with rows of lower generations. Reads each table once per generation. */
  private static Span find(Counted counted, long wholeFrom, Connection connection)
      throws SQLException {
    if (counted.generation() == 1) {
      return new Span(0, 0);
    }
    String sql =
        """
        SELECT coalesce(extract(epoch FROM min(start))::bigint, 0),
               coalesce(extract(epoch FROM max(start))::bigint + 86400, 0)
        FROM (%s) AS old
        WHERE topic = ? AND partition = ? AND generation < ? AND start >= to_timestamp(?)
        """
            .formatted(
                Arrays.stream(Table.values())
                    .map(table ->
                        "SELECT %s AS start, topic, partition, generation FROM audit.%s"
                            .formatted(table.start(), table.sql()))
                    .collect(Collectors.joining(" UNION ALL ")));
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, counted.topic());
      statement.setInt(2, counted.partition());
      statement.setInt(3, counted.generation());
      statement.setLong(4, wholeFrom);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return new Span(result.getLong(1), result.getLong(2));
      }
    }
  }

  /** Spans that end in these minutes; those that end before are deleted already. */
  private static void delete(
      Table table, Counted counted, long from, Watermark watermark, Connection connection)
      throws SQLException {
    long seconds = table.kind().span().seconds();
    String sql =
        """
        DELETE FROM audit.%1$s WHERE %2$s >= to_timestamp(?) AND %2$s <= to_timestamp(?)
          AND topic = ? AND partition = ? AND generation < ?
        """
            .formatted(table.sql(), table.start());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, Math.max(watermark.wholeFrom(), from - seconds));
      statement.setLong(2, watermark.closedBefore() - seconds);
      statement.setInt(3, counted.topic());
      statement.setInt(4, counted.partition());
      statement.setInt(5, counted.generation());
      statement.executeUpdate();
    }
  }

  /** Makes the next call find them again, since a deletion may have been rolled back. */
  void invalidate() {
    spans.clear();
  }
}
