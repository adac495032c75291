package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Reads and writes rows of the event table; commits nothing itself. */
final class SpoolRows {

  private static final String INSERT =
      """
      insert or ignore into event (id, epoch, partition, seq, kind, event_id, correlation_id, time_us, key,
        value, spooled_at_ms, checksum) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;
  private static final String STORED =
      """
      select partition, issued, acked, dropped, never_handed, 0 spooled from series where epoch = ?\
      """;
  private static final String SERIES =
      """
      select partition, max(issued) issued, max(acked) acked, max(dropped) dropped,
        max(never_handed) never_handed, max(spooled) spooled
      from (
        select partition, issued, acked, dropped, never_handed, 0 spooled
        from series where epoch = ?
        union all
        select partition, max(seq), 0, 0, 0, count(*) from event where epoch = ? group by partition)
      group by partition order by partition\
      """;

  private final Connection connection;

  SpoolRows(Connection connection) {
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
    List<SpooledEvent> events = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement("select * from event where " + where)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          SpooledEvent event = intact(result);
          if (event == null) {
            throw new SQLiteException(
                "row " + result.getLong("id") + " has a wrong checksum",
                SQLiteErrorCode.SQLITE_CORRUPT);
          }
          events.add(event);
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

  List<EpochRow> epochs() throws SQLException {
    List<EpochRow> epochs = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select * from epoch")) {
      while (result.next()) {
        epochs.add(
            new EpochRow(
                result.getString("id"),
                result.getString("instance"),
                result.getInt("partitions"),
                result.getBoolean("published"),
                result.getBoolean("stopped")));
      }
    }
    return epochs;
  }

  List<String> unknownEpochs() throws SQLException {
    List<String> epochs = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "select distinct epoch from event where epoch not in (select id from epoch)")) {
      while (result.next()) {
        epochs.add(result.getString(1));
      }
    }
    return epochs;
  }

  List<SeriesCounts> series(String epoch) throws SQLException {
    return counts(SERIES, epoch, epoch);
  }

  /** The stored counts alone, without those of the event table. */
  List<SeriesCounts> storedSeries(String epoch) throws SQLException {
    return counts(STORED, epoch);
  }

  private List<SeriesCounts> counts(String select, String... epochs) throws SQLException {
    List<SeriesCounts> series = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      for (int i = 0; i < epochs.length; i++) {
        statement.setString(i + 1, epochs[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          series.add(
              new SeriesCounts(
                  result.getInt("partition"),
                  result.getLong("issued"),
                  result.getLong("acked"),
                  result.getLong("dropped"),
                  result.getLong("never_handed"),
                  result.getLong("spooled")));
        }
      }
    }
    return series;
  }
}
