package io.ratelimiter.auditor.store.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which generations' rows the views show, in {@code audit.generations}, as of one transaction. The
 * first generation with a row serves; {@link GenerationSwitch} makes a higher one serve.
 */
final class ServedGenerations {

  /** Advisory lock of all auditors, so that only one generation becomes the first. */
  private static final long FIRST_LOCK = 0x6175646974_01L;

  private static final String READ =
      """
      SELECT topic, partition, generation,
             extract(epoch FROM greatest(serves_from, to_timestamp(0)))::bigint,
             extract(epoch FROM
               greatest(least(serves_until, '9999-01-01 00:00:00+00'), to_timestamp(0)))::bigint,
             serves_until = 'infinity',
             rows_ahead
      FROM audit.generations
      """;

  private static final String FIRST =
      """
      INSERT INTO audit.generations (topic, partition, generation, serves_from, serves_until)
      SELECT ?, ?, ?, '-infinity', 'infinity'
      WHERE coalesce(audit.serving_generation(), ?) = ?
      ON CONFLICT DO NOTHING
      """;

  private static final String ROWS_AHEAD =
      """
      UPDATE audit.generations SET rows_ahead = true
      WHERE topic = ? AND partition = ? AND generation = ?
      """;

  /** A watermark that is delivered again after a later one covers fewer rows. */
  private static final String ROWS_COVERED =
      """
      UPDATE audit.generations g SET rows_ahead = false
      FROM audit.watermarks w
      WHERE g.topic = ? AND g.partition = ? AND g.generation = ?
        AND w.topic = g.topic AND w.partition = g.partition AND w.generation = g.generation
        AND w.revision <= ?
      """;

  /** A partition of a topic, by number, as counted by a generation. */
  record Counted(int topic, int partition, int generation) {}

  /** Rows from one second to before another are shown. */
  private record Entry(long from, long until, boolean rowsAhead) {}

  private final Map<Counted, Entry> entries = new HashMap<>();

  /** 0 before the first row. */
  private int serving;

  private ServedGenerations() {}

  /**
   * Prevents a switch until the end of the transaction, and makes the first generation serve.
   * Blocks.
   *
   * @param counted what the transaction writes
   */
  static ServedGenerations lock(Set<Counted> counted, Connection connection) throws SQLException {
    execute("LOCK TABLE audit.generations IN ROW EXCLUSIVE MODE", connection);
    ServedGenerations served = read(connection);
    List<Counted> found = counted.stream().filter(served::mayServe).toList();
    if (found.isEmpty()) {
      return served;
    }
    execute("SELECT pg_advisory_xact_lock(" + FIRST_LOCK + ")", connection);
    for (Counted one : found) {
      int generation = one.generation();
      update(FIRST, connection, one.topic(), one.partition(), generation, generation, generation);
    }
    return read(connection);
  }

  private static ServedGenerations read(Connection connection) throws SQLException {
    ServedGenerations served = new ServedGenerations();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(READ)) {
      while (row.next()) {
        int generation = row.getInt(3);
        served.entries.put(
            new Counted(row.getInt(1), row.getInt(2), generation),
            new Entry(row.getLong(4), row.getLong(5), row.getBoolean(7)));
        if (row.getBoolean(6)) {
          served.serving = Math.max(served.serving, generation);
        }
      }
    }
    return served;
  }

  private boolean mayServe(Counted counted) {
    return (serving == 0 || serving == counted.generation()) && !entries.containsKey(counted);
  }

  /** Whether the generation serves, or is higher than the one that does. */
  boolean isCurrent(int generation) {
    return generation >= serving;
  }

  /**
   * Whether a row is shown or may be later: a lower generation has rows of minutes only that the
   * serving one has not counted.
   *
   * @param start of the row, seconds since 1970
   */
  boolean isWritable(Counted counted, long start) {
    Entry entry = entries.get(counted);
    return isCurrent(counted.generation())
        || (entry != null && start >= entry.from() && start < entry.until());
  }

  /** Stores that rows were written which no watermark covers yet. Blocks. */
  void rowsAhead(Counted counted, Connection connection) throws SQLException {
    Entry entry = entries.get(counted);
    if (entry != null && !entry.rowsAhead()) {
      update(ROWS_AHEAD, connection, counted.topic(), counted.partition(), counted.generation());
    }
  }

  /**
   * Stores that a watermark covers all rows, unless a later one was written before. Blocks.
   *
   * @param revision of the watermark
   */
  void rowsCovered(Counted counted, long revision, Connection connection) throws SQLException {
    Entry entry = entries.get(counted);
    if (entry != null && entry.rowsAhead()) {
      update(
          ROWS_COVERED,
          connection,
          counted.topic(),
          counted.partition(),
          counted.generation(),
          revision);
    }
  }

  private static void execute(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void update(String sql, Connection connection, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }
}
