package io.ratelimiter.service.decisions.spool.file;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Reads and writes rows of the table {@code event}; the caller commits. */
final class EventRows {

  private static final String INSERT =
      """
      insert or ignore into event (id, epoch, partition, seq, kind, event_id, correlation_id, time_us, key,
        value, spooled_at_ms, checksum) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;

  private final Connection connection;

  EventRows(Connection connection) {
    this.connection = connection;
  }

  /** Inserts events under their row ids, or at the end; ignores duplicates. */
  void insert(List<SpooledEvent> events, boolean withRowIds) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (SpooledEvent event : events) {
        statement.setObject(1, withRowIds ? event.row() : null);
        bind(statement, event);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void bind(PreparedStatement statement, SpooledEvent event) throws SQLException {
    statement.setString(2, event.epoch());
    statement.setInt(3, event.partition());
    statement.setLong(4, event.seq());
    statement.setString(5, event.kind());
    statement.setString(6, event.eventId());
    statement.setString(7, event.correlationId());
    statement.setLong(8, event.timeMicros());
    statement.setBytes(9, event.key());
    statement.setBytes(10, event.value());
    statement.setLong(11, event.spooledAtMillis());
    statement.setLong(12, event.checksum());
  }

  List<SpooledEvent> read(String where, Object... arguments) throws SQLException {
    return read(Long.MAX_VALUE, where, arguments);
  }

  /**
   * Reads until the total size of the events reaches {@code maxBytes}, which the last may exceed.
   */
  List<SpooledEvent> read(long maxBytes, String where, Object... arguments) throws SQLException {
    List<SpooledEvent> events = new ArrayList<>();
    long bytes = 0;
    try (PreparedStatement statement =
        connection.prepareStatement("select * from event where " + where)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (bytes < maxBytes && result.next()) {
          SpooledEvent event = intact(result);
          if (event == null) {
            throw new SQLiteException(
                "row " + result.getLong("id") + " has a wrong checksum",
                SQLiteErrorCode.SQLITE_CORRUPT);
          }
          events.add(event);
          bytes += event.bytes();
        }
      }
    }
    return events;
  }

  /** The row's event, or null when its checksum or a column is wrong. */
  static @Nullable SpooledEvent intact(ResultSet row) throws SQLException {
    String epoch = row.getString("epoch");
    String kind = row.getString("kind");
    String eventId = row.getString("event_id");
    byte[] key = row.getBytes("key");
    byte[] value = row.getBytes("value");
    if (epoch == null || kind == null || eventId == null || key == null || value == null) {
      return null;
    }
    SpooledEvent event =
        new SpooledEvent(
            row.getLong("id"),
            epoch,
            row.getInt("partition"),
            row.getLong("seq"),
            kind,
            eventId,
            row.getString("correlation_id"),
            row.getLong("time_us"),
            key,
            value,
            row.getLong("spooled_at_ms"));
    return event.checksum() == row.getLong("checksum") ? event : null;
  }

  void delete(List<Long> ids) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("delete from event where id = ?")) {
      for (long id : ids) {
        statement.setLong(1, id);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }
}
