package io.ratelimiter.auditor.store.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The numbers that stand for decisions topics in the tables; a new topic gets the next one. */
final class TopicNumbers {

  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();

  /** The number of a topic. Blocks. */
  int of(String topic, Connection connection) throws SQLException {
    Integer known = numbers.get(topic);
    if (known != null) {
      return known;
    }
    Optional<Integer> found = find(topic, connection);
    if (found.isEmpty()) {
      insert(topic, connection);
      found = find(topic, connection);
    }
    int number = found.orElseThrow();
    numbers.put(topic, number);
    return number;
  }

  private static Optional<Integer> find(String topic, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT topic FROM audit.topics WHERE name = ?")) {
      statement.setString(1, topic);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.of(result.getInt(1)) : Optional.empty();
      }
    }
  }

  private static void insert(String topic, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO audit.topics (name) VALUES (?) ON CONFLICT DO NOTHING")) {
      statement.setString(1, topic);
      statement.executeUpdate();
    }
  }

  /** Makes the next call find them again, since an insertion may have been rolled back. */
  void invalidate() {
    numbers.clear();
  }
}
