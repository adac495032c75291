package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.runtime.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * Makes a generation serve in place of a lower one, on all partitions in one transaction, once it
 * has counted at least every record that the lower one has.
 */
public final class GenerationSwitch {

  /**
   * A generation begins to serve when every event before its first whole minute is counted by the
   * lower one: also hours and days are then whole in one of the two.
   */
  private static final String IS_CLOSED =
      """
      (n.whole_from <= to_timestamp(0)
        OR n.closed_before >= date_trunc('day', n.whole_from - interval '1 microsecond', 'UTC') + interval '24 hours')
      """;

  /** Several records have one append time; the offset distinguishes them. */
  private static final String CAUGHT_UP =
      """
      SELECT coalesce(bool_and(coalesce(
          NOT s.rows_ahead
          AND (n.append_high_at, n.next_offset)
            >= (coalesce(o.append_high_at, '-infinity'), coalesce(o.next_offset, 0))
          AND %s, false)), true)
        AND EXISTS (SELECT FROM audit.watermarks WHERE generation = ?)
      FROM (
        SELECT DISTINCT ON (g.topic, g.partition) g.topic, g.partition, g.generation, g.rows_ahead
        FROM audit.generations g JOIN audit.topics t USING (topic)
        WHERE g.serves_until = 'infinity' AND t.name = ANY (?)
        ORDER BY g.topic, g.partition, g.generation DESC) AS s
      LEFT JOIN audit.watermarks o USING (topic, partition, generation)
      LEFT JOIN audit.watermarks n
        ON n.topic = s.topic AND n.partition = s.partition AND n.generation = ?
      """
          .formatted(IS_CLOSED);

  private static final String NEARLY_REPLACED =
      """
      SELECT EXISTS (
        SELECT FROM (SELECT DISTINCT topic, generation FROM audit.watermarks WHERE generation > ?) AS higher
        JOIN audit.watermarks o ON o.topic = higher.topic AND o.generation = ?
        LEFT JOIN audit.watermarks n
          ON n.topic = o.topic AND n.partition = o.partition AND n.generation = higher.generation
        GROUP BY higher.generation
        HAVING bool_and(coalesce(
          n.append_high_at >= o.append_high_at - interval '10 seconds' AND %s, false)))
      """
          .formatted(IS_CLOSED);

  private static final String END =
      """
      UPDATE audit.generations g SET serves_until = w.whole_from, rows_deleted = false
      FROM audit.watermarks w
      WHERE w.generation = ? AND w.topic = g.topic AND w.partition = g.partition
        AND g.generation < w.generation AND g.serves_until > w.whole_from
      """;

  private static final String BEGIN =
      """
      INSERT INTO audit.generations (topic, partition, generation, serves_from, serves_until)
      SELECT topic, partition, generation, whole_from, 'infinity'
      FROM audit.watermarks WHERE generation = ?
      ON CONFLICT (topic, partition, generation) DO UPDATE SET
        serves_from = excluded.serves_from, serves_until = excluded.serves_until
      """;

  /** Generations that were started and never served: their rows are to be deleted. */
  private static final String NEVER_SERVED =
      """
      INSERT INTO audit.generations (topic, partition, generation, serves_from, serves_until)
      SELECT topic, partition, generation, '-infinity', '-infinity'
      FROM audit.watermarks WHERE generation < ?
      ON CONFLICT DO NOTHING
      """;

  private final DataSource database;
  private final int generation;
  private final List<String> topics;

  /**
   * @param generation of this run
   * @param topics the decisions topics that it counts
   */
  public GenerationSwitch(DataSource database, int generation, List<String> topics) {
    this.database = database;
    this.generation = generation;
    this.topics = List.copyOf(topics);
  }

  /** The generation that serves; 0 before the first row. Blocks. */
  public int serving() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return serving(connection);
    }
  }

  static int serving(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT audit.serving_generation()")) {
      result.next();
      return result.getInt(1);
    }
  }

  /** Whether a higher generation is at most ten seconds behind this one. Blocks. */
  public boolean isNearlyReplaced() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(NEARLY_REPLACED)) {
      statement.setInt(1, generation);
      statement.setInt(2, generation);
      return isTrue(statement);
    }
  }

  /**
   * Makes this generation serve if it has caught up. Blocks.
   *
   * @return whether it serves now
   */
  public boolean switchIfCaughtUp() throws SQLException {
    return Transaction.commit(
        database, connection -> isCaughtUp(connection) && switchUnderLock(connection));
  }

  /** The lock waits for batches in progress and stops new ones: none can pass this generation. */
  private boolean switchUnderLock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = '2s'");
      statement.execute("LOCK TABLE audit.generations IN EXCLUSIVE MODE");
    }
    if (!isCaughtUp(connection)) {
      return false;
    }
    for (String sql : List.of(END, BEGIN, NEVER_SERVED)) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setInt(1, generation);
        statement.executeUpdate();
      }
    }
    return true;
  }

  private boolean isCaughtUp(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CAUGHT_UP)) {
      statement.setInt(1, generation);
      statement.setArray(2, connection.createArrayOf("text", topics.toArray()));
      statement.setInt(3, generation);
      return isTrue(statement);
    }
  }

  private static boolean isTrue(PreparedStatement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getBoolean(1);
    }
  }
}
