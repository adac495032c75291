package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.runtime.Transaction;
import io.ratelimiter.schemas.audit.Tombstone;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;

/**
 * Deletes the rows of lower generations that are not shown, in steps of a bounded number of rows. A
 * pass over all tables continues where the last step ended; after a restart it begins again.
 */
public final class UnservedRows {

  private static final int MAX_ROWS = 5_000;

  /** Advisory lock of all auditors, so that one at a time deletes. */
  private static final long LOCK = 0x6175646974_02L;

  private static final String IS_LEFT =
      """
      SELECT EXISTS (
        SELECT FROM audit.generations
        WHERE generation < (SELECT audit.serving_generation()) AND NOT rows_deleted)
      """;

  private static final String FINISH =
      """
      UPDATE audit.generations SET rows_deleted = true
      WHERE generation < (SELECT audit.serving_generation()) AND NOT rows_deleted;
      DELETE FROM audit.generations
      WHERE generation < (SELECT audit.serving_generation())
        AND (serves_until <= to_timestamp(0) OR serves_until < now() - interval '400 days')
      """;

  private final DataSource database;
  private final Tombstones tombstones;
  private final Deque<UnservedTable> left = new ArrayDeque<>();

  /** The generation that served when the pass began. */
  private int serving;

  /** Publishes tombstones. */
  public interface Tombstones {

    /** Publishes tombstones; blocks until all are acknowledged. */
    void publish(List<Tombstone> tombstones);
  }

  public UnservedRows(DataSource database, Tombstones tombstones) {
    this.database = database;
    this.tombstones = tombstones;
  }

  /**
   * Deletes up to 5000 rows and publishes their tombstones first: when this fails, the same rows
   * are found again. Blocks.
   *
   * @return whether there may be more
   */
  public boolean deleteSome() throws SQLException {
    try {
      return Transaction.commit(database, this::deleteSome);
    } catch (SQLException | RuntimeException e) {
      left.clear();
      throw e;
    }
  }

  private boolean deleteSome(Connection connection) throws SQLException {
    if (!isTrue(IS_LEFT, connection)
        || !isTrue("SELECT pg_try_advisory_xact_lock(" + LOCK + ")", connection)) {
      left.clear();
      return false;
    }
    begin(connection);
    List<Tombstone> deleted = new ArrayList<>();
    if (left.element().delete(MAX_ROWS, connection, deleted) < MAX_ROWS) {
      left.remove();
    }
    tombstones.publish(deleted);
    if (left.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(FINISH);
      }
    }
    return !left.isEmpty();
  }

  /** Begins a pass if none is in progress, and again after a switch. */
  private void begin(Connection connection) throws SQLException {
    int now = GenerationSwitch.serving(connection);
    if (left.isEmpty() || now != serving) {
      serving = now;
      left.clear();
      left.addAll(tables(connection));
    }
  }

  private static List<UnservedTable> tables(Connection connection) throws SQLException {
    List<UnservedTable> all = new ArrayList<>();
    for (Table table : Table.values()) {
      for (String name : table.isPartitioned() ? days(table, connection) : List.of(table.sql())) {
        all.add(new UnservedTable.OfRows(name, table));
      }
    }
    all.add(new UnservedTable.OfSeries());
    all.add(new UnservedTable.OfWatermarks());
    return all;
  }

  private static List<String> days(Table table, Connection connection) throws SQLException {
    List<String> days = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                """
                SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
                WHERE inhparent = 'audit.%s'::regclass ORDER BY c.relname
                """
                    .formatted(table.sql()))) {
      while (result.next()) {
        days.add(result.getString(1));
      }
    }
    return days;
  }

  private static boolean isTrue(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getBoolean(1);
    }
  }
}
