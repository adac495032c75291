package io.ratelimiter.service.decisions.spool.file;

import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.decisions.series.EpochName;
import io.ratelimiter.service.decisions.series.EpochRow;
import io.ratelimiter.service.decisions.series.SeriesCounts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Reads and writes rows of the tables {@code epoch} and {@code series}; the caller commits. */
final class EpochRows {

  private static final String ALL =
      """
      select id, instance, partitions, published, stopped, topic, region
      from epoch left join origin on origin.epoch = id\
      """;

  /** In a torn file of an earlier version, which had one topic. */
  private static final String ALL_WITHOUT_ORIGIN =
      """
      select id, instance, partitions, published, stopped, null topic, null region from epoch\
      """;

  private static final String HAS_ORIGIN =
      "select count(*) from sqlite_master where name = 'origin'";
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

  EpochRows(Connection connection) {
    this.connection = connection;
  }

  /** Inserts or updates an epoch. */
  void write(EpochRow epoch) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("insert or replace into epoch values (?, ?, ?, ?, ?)")) {
      statement.setString(1, epoch.id());
      statement.setString(2, epoch.name().instance());
      statement.setInt(3, epoch.partitions());
      statement.setBoolean(4, epoch.published());
      statement.setBoolean(5, epoch.stopped());
      statement.executeUpdate();
    }
    try (PreparedStatement statement =
        connection.prepareStatement("insert or replace into origin values (?, ?, ?)")) {
      statement.setString(1, epoch.id());
      statement.setString(2, epoch.topic());
      statement.setString(3, epoch.name().region());
      statement.executeUpdate();
    }
  }

  /** Inserts or updates the counts of an epoch's series, without {@code spooled}. */
  void write(String epoch, List<SeriesCounts> series) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("insert or replace into series values (?, ?, ?, ?, ?, ?)")) {
      for (SeriesCounts counts : series) {
        statement.setString(1, epoch);
        statement.setInt(2, counts.partition());
        statement.setLong(3, counts.issued());
        statement.setLong(4, counts.acked());
        statement.setLong(5, counts.dropped());
        statement.setLong(6, counts.neverSent());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Deletes an epoch and its counts. */
  void delete(String epoch) throws SQLException {
    for (String sql :
        List.of(
            "delete from series where epoch = ?",
            "delete from origin where epoch = ?",
            "delete from epoch where id = ?")) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setString(1, epoch);
        statement.executeUpdate();
      }
    }
  }

  List<EpochRow> all() throws SQLException {
    List<EpochRow> epochs = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(hasOrigin(statement) ? ALL : ALL_WITHOUT_ORIGIN)) {
      while (result.next()) {
        epochs.add(
            new EpochRow(
                new EpochName(
                    result.getString("id"),
                    result.getString("instance"),
                    result.getString("region"),
                    Objects.requireNonNullElse(result.getString("topic"), Topics.DECISIONS)),
                result.getInt("partitions"),
                result.getBoolean("published"),
                result.getBoolean("stopped")));
      }
    }
    return epochs;
  }

  private static boolean hasOrigin(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery(HAS_ORIGIN)) {
      return result.getInt(1) > 0;
    }
  }

  List<String> unknown() throws SQLException {
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
