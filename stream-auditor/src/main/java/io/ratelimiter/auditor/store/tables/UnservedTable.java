package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimension;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.audit.Tombstone;
import io.ratelimiter.schemas.audit.Watermark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A table, or a day of one, with rows of lower generations that are not shown. */
abstract sealed class UnservedTable {

  /**
   * Deletes rows of lower generations that are not shown. Blocks.
   *
   * @param max rows
   * @param deleted receives the keys of records that may still be on a topic
   * @return number of rows
   */
  abstract int delete(int max, Connection connection, List<Tombstone> deleted) throws SQLException;

  /** Rows of one kind, from the earliest span to the latest. */
  static final class OfRows extends UnservedTable {

    /** Older rows have left the topic, whose retention is three days; a day for its segments. */
    private static final Duration ON_TOPIC = Duration.ofDays(4);

    private final Kind kind;
    private final String sql;

    /** Seconds since 1970: all rows before are shown. */
    private long from;

    /**
     * @param name of the table or of its day partition
     */
    OfRows(String name, Table table) {
      this.kind = table.kind();
      this.sql = sql(name, table);
    }

    /** By the rows' places: the inner query reads the primary key from the start of the span. */
    private static String sql(String name, Table table) {
      List<String> columns = new ArrayList<>(List.of("n.name", "d.partition", "d.generation"));
      columns.add("extract(epoch FROM d.%s)::bigint".formatted(table.start()));
      columns.add(table.isPartitioned() ? "d.part" : "0");
      columns.add(table.kind().hasRuleRevision() ? "d.rule_revision" : "0");
      table.kind().dimensions().forEach(dimension -> columns.add("d." + dimension.wireName()));
      return """
      WITH d AS (
        DELETE FROM audit.%1$s WHERE ctid = ANY (ARRAY(
          SELECT t.ctid FROM audit.%1$s t
          WHERE t.%2$s >= to_timestamp(?) AND t.generation < (SELECT audit.serving_generation())
            AND NOT EXISTS (
              SELECT FROM audit.generations g
              WHERE g.topic = t.topic AND g.partition = t.partition AND g.generation = t.generation
                AND t.%2$s >= g.serves_from AND t.%2$s < g.serves_until)
          ORDER BY t.%2$s LIMIT ?))
        RETURNING *)
      SELECT %3$s FROM d JOIN audit.topics n USING (topic)
      """
          .formatted(name, table.start(), columns.stream().collect(Collectors.joining(", ")));
    }

    @Override
    int delete(int max, Connection connection, List<Tombstone> deleted) throws SQLException {
      long keptFrom = System.currentTimeMillis() / 1_000 - ON_TOPIC.toSeconds();
      int rows = 0;
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setLong(1, from);
        statement.setInt(2, max);
        try (ResultSet row = statement.executeQuery()) {
          for (; row.next(); rows++) {
            long start = row.getLong(4);
            from = Math.max(from, start);
            if (start >= keptFrom) {
              deleted.add(tombstone(row));
            }
          }
        }
      }
      return rows;
    }

    private Tombstone tombstone(ResultSet row) throws SQLException {
      List<String> texts = new ArrayList<>();
      for (Dimension _ : kind.dimensions()) {
        texts.add(row.getString(7 + texts.size()));
      }
      Dimensions dimensions =
          new Dimensions(kind, row.getLong(4), row.getInt(5), row.getLong(6), texts);
      return Tombstone.of(
          new AuditRow(
              dimensions,
              Figures.of(Map.of()),
              null,
              List.of(),
              row.getString(1),
              row.getInt(2),
              row.getInt(3),
              0));
    }
  }

  /** Series that a higher generation knows, and all of generations that never served. */
  static final class OfSeries extends UnservedTable {

    private static final String SQL =
        """
        WITH d AS (DELETE FROM audit.series WHERE ctid = ANY (ARRAY(
          SELECT s.ctid FROM audit.series s
          WHERE s.generation < (SELECT audit.serving_generation())
            AND (EXISTS (
                SELECT FROM audit.series o
                WHERE o.topic = s.topic AND o.instance = s.instance AND o.epoch = s.epoch
                  AND o.partition = s.partition AND o.generation > s.generation
                  AND o.generation <= (SELECT audit.serving_generation()))
              OR EXISTS (
                SELECT FROM audit.generations g
                WHERE g.generation = s.generation AND g.serves_until = '-infinity'))
          LIMIT ?))
        RETURNING *)
        SELECT n.name, d.instance, d.epoch, d.partition, d.generation
        FROM d JOIN audit.topics n USING (topic)
        """;

    @Override
    int delete(int max, Connection connection, List<Tombstone> deleted) throws SQLException {
      int rows = 0;
      try (PreparedStatement statement = connection.prepareStatement(SQL)) {
        statement.setInt(1, max);
        try (ResultSet row = statement.executeQuery()) {
          for (; row.next(); rows++) {
            deleted.add(
                Tombstone.ofSeries(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4),
                    row.getInt(5)));
          }
        }
      }
      return rows;
    }
  }

  /** Watermarks, except those of topics that only a lower generation reads. */
  static final class OfWatermarks extends UnservedTable {

    private static final String SQL =
        """
        WITH d AS (
          DELETE FROM audit.watermarks w
          WHERE generation < (SELECT audit.serving_generation()) AND NOT EXISTS (
            SELECT FROM audit.generations g
            WHERE g.topic = w.topic AND g.partition = w.partition AND g.generation = w.generation
              AND g.serves_until = 'infinity')
          RETURNING *)
        SELECT n.name, d.partition, d.generation FROM d JOIN audit.topics n USING (topic)
        """;

    /** Deletes all at once: there is one of each partition. */
    @Override
    int delete(int max, Connection connection, List<Tombstone> deleted) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(SQL);
          ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Watermark named =
              new Watermark(row.getString(1), row.getInt(2), row.getInt(3), 0, 1, 0, 0, 0, 0);
          deleted.add(Tombstone.of(named));
        }
      }
      return 0;
    }
  }
}
