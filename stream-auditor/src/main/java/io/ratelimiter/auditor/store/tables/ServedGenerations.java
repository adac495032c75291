package io.ratelimiter.auditor.store.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which generation's rows the views show, in {@code audit.generations}: the first one of a
 * partition serves all its minutes.
 */
final class ServedGenerations {

  private static final String FIRST =
      """
      INSERT INTO audit.generations (topic, partition, generation, serves_from, serves_until)
      SELECT ?, ?, ?, '-infinity', 'infinity'
      WHERE NOT EXISTS (SELECT FROM audit.generations WHERE topic = ? AND partition = ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String END =
      """
      UPDATE audit.generations SET serves_until = to_timestamp(?)
      WHERE topic = ? AND partition = ? AND generation < ? AND serves_until > to_timestamp(?)
      """;

  private static final String NEXT =
      """
      INSERT INTO audit.generations (topic, partition, generation, serves_from, serves_until)
      SELECT ?, ?, ?, to_timestamp(?), 'infinity'
      WHERE NOT EXISTS (
        SELECT FROM audit.generations WHERE topic = ? AND partition = ? AND generation > ?)
      ON CONFLICT DO NOTHING
      """;

  private final Set<Counted> known = ConcurrentHashMap.newKeySet();

  /** A partition of a topic, by number, as counted by a generation. */
  record Counted(int topic, int partition, int generation) {}

  /** Makes a partition's first generation serve. Blocks. */
  void found(Counted counted, Connection connection) throws SQLException {
    if (known.add(counted)) {
      execute(
          FIRST,
          connection,
          counted.topic(),
          counted.partition(),
          counted.generation(),
          counted.topic(),
          counted.partition());
    }
  }

  /** Makes a higher generation serve from its first whole minute. Blocks. */
  void replaced(Counted by, long wholeFrom, Connection connection) throws SQLException {
    if (by.generation() > 1) {
      int topic = by.topic();
      int partition = by.partition();
      int generation = by.generation();
      execute(END, connection, wholeFrom, topic, partition, generation, wholeFrom);
      execute(
          NEXT, connection, topic, partition, generation, wholeFrom, topic, partition, generation);
    }
  }

  private static void execute(String sql, Connection connection, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }

  /** Makes the next calls insert again, since an insertion may have been rolled back. */
  void invalidate() {
    known.clear();
  }
}
