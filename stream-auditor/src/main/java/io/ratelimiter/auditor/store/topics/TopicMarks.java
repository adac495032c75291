package io.ratelimiter.auditor.store.topics;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** The decisions topics in {@code audit.topics}, and up to when they are counted. */
public final class TopicMarks {

  private static final String LIST = "UPDATE audit.topics SET listed = true WHERE name = ?";

  private static final String ADD =
      """
      INSERT INTO audit.topics (name, listed) VALUES (?, true)
      ON CONFLICT (name) DO UPDATE SET listed = true
      """;

  private static final String COUNTED =
      """
      SELECT t.name, w.partition, w.next_offset
      FROM audit.topics t LEFT JOIN audit.served_watermarks w USING (topic)
      WHERE t.listed OR w.topic IS NOT NULL
      """;

  private static final String MARK =
      """
      UPDATE audit.topics SET
        counted_until = greatest(counted_until, ?),
        closed_before = greatest(closed_before, date_trunc('minute', ?::timestamptz, 'UTC'))
      WHERE name = ?
      """;

  private final DataSource database;

  public TopicMarks(DataSource database) {
    this.database = database;
  }

  /** Registers topics that are read: until they are counted, no minute is final. Blocks. */
  public void register(Collection<String> topics) throws SQLException {
    try (Connection connection = database.getConnection()) {
      for (String topic : topics) {
        // An insertion takes a number even if the topic exists.
        if (update(LIST, topic, connection) == 0) {
          update(ADD, topic, connection);
        }
      }
    }
  }

  private static int update(String sql, String topic, Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, topic);
      return statement.executeUpdate();
    }
  }

  /**
   * For each topic that is or was read: the offset of the first record that is not in the tables,
   * by partition. Blocks.
   */
  public Map<String, Map<Integer, Long>> nextOffsets() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(COUNTED);
        ResultSet result = statement.executeQuery()) {
      Map<String, Map<Integer, Long>> all = new HashMap<>();
      while (result.next()) {
        Map<Integer, Long> offsets = all.computeIfAbsent(result.getString(1), _ -> new HashMap<>());
        int partition = result.getInt(2);
        if (!result.wasNull()) {
          offsets.put(partition, result.getLong(3));
        }
      }
      return all;
    }
  }

  /**
   * Registers that all records of a topic are in the tables. Blocks.
   *
   * @param until append time up to which they are
   * @param closedBefore time before which no later record can change a minute
   */
  public void mark(String topic, Instant until, Instant closedBefore) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(MARK)) {
      statement.setObject(1, until.atOffset(ZoneOffset.UTC));
      statement.setObject(2, closedBefore.atOffset(ZoneOffset.UTC));
      statement.setString(3, topic);
      statement.executeUpdate();
    }
  }
}
