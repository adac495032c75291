package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.AuditRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The day partitions of the tables of minutes: created in advance and for each row of another day,
 * dropped after the retention. A day is a day in UTC.
 */
public final class DayPartitions {

  /** Days for which partitions are created in advance. */
  private static final int DAYS_AHEAD = 3;

  /** Advisory lock of all auditors, so that one at a time creates or drops a partition. */
  private static final long LOCK = 0x617564697464L;

  private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;
  private static final Pattern PARTITION = Pattern.compile("(\\w+)_(\\d{8})");

  private final Retention retention;
  private final Set<String> existing = ConcurrentHashMap.newKeySet();

  public DayPartitions(Retention retention) {
    this.retention = retention;
  }

  /** Creates the partitions of the next days. Blocks. */
  void createAhead(Connection connection) throws SQLException {
    for (Table table : Table.values()) {
      for (int day = 0; day <= DAYS_AHEAD && table.isPartitioned(); day++) {
        create(table, retention.today().plusDays(day), connection);
      }
    }
  }

  /** Drops a partition, which another auditor may have dropped already. */
  static void drop(String partition, Connection connection) throws SQLException {
    execute("DROP TABLE IF EXISTS audit." + partition, connection);
  }

  /** The rows within the retention; creates their partitions. Blocks. */
  List<AuditRow> writable(List<AuditRow> rows, Table table, Connection connection)
      throws SQLException {
    long oldest = retention.oldest(table).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    List<AuditRow> writable = new ArrayList<>(rows.size());
    Set<LocalDate> days = new TreeSet<>();
    for (AuditRow row : rows) {
      long start = row.dimensions().start();
      if (start >= oldest) {
        writable.add(row);
        if (table.isPartitioned()) {
          days.add(LocalDate.ofInstant(Instant.ofEpochSecond(start), ZoneOffset.UTC));
        }
      }
    }
    for (LocalDate day : days) {
      create(table, day, connection);
    }
    return writable;
  }

  /**
   * Created as a separate table and attached: unlike {@code PARTITION OF}, this neither waits for
   * queries on the table nor blocks them.
   */
  private void create(Table table, LocalDate day, Connection connection) throws SQLException {
    String name = table.sql() + "_" + day.format(SUFFIX);
    if (existing.contains(name)) {
      return;
    }
    execute("SELECT pg_advisory_xact_lock(" + LOCK + ")", connection);
    if (!isAttached(name, connection)) {
      execute(
          """
          CREATE TABLE IF NOT EXISTS audit.%1$s (LIKE audit.%2$s INCLUDING ALL);
          ALTER TABLE audit.%2$s ATTACH PARTITION audit.%1$s
          FOR VALUES FROM ('%3$s 00:00:00+00') TO ('%4$s 00:00:00+00')
          """
              .formatted(name, table.sql(), day, day.plusDays(1)),
          connection);
    }
    existing.add(name);
  }

  private static boolean isAttached(String name, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass('audit."
                    + name
                    + "'))")) {
      result.next();
      return result.getBoolean(1);
    }
  }

  /** Partitions that are older than the retention. Blocks. */
  List<String> expired(Connection connection) throws SQLException {
    List<String> expired = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet all =
            statement.executeQuery(
                """
                SELECT child.relname FROM pg_inherits
                JOIN pg_class child ON child.oid = inhrelid
                WHERE child.relkind = 'r' AND child.relnamespace = 'audit'::regnamespace
                """)) {
      while (all.next()) {
        Matcher name = PARTITION.matcher(all.getString(1));
        if (name.matches() && isExpired(name)) {
          expired.add(name.group());
        }
      }
    }
    return expired;
  }

  private boolean isExpired(Matcher name) {
    LocalDate day = LocalDate.parse(name.group(2), SUFFIX);
    return Arrays.stream(Table.values())
        .filter(table -> table.sql().equals(name.group(1)))
        .anyMatch(table -> day.isBefore(retention.oldest(table)));
  }

  private static void execute(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Deletes expired rows of the tables without partitions. Blocks. */
  void deleteExpired(Connection connection) throws SQLException {
    for (Table table : Table.values()) {
      if (!table.isPartitioned()) {
        execute(
            "DELETE FROM audit.%s WHERE %s < '%s 00:00:00+00'"
                .formatted(table.sql(), table.start(), retention.oldest(table)),
            connection);
      }
    }
  }

  /** Makes the next write check all partitions again, since one may be rolled back or dropped. */
  void invalidate() {
    existing.clear();
  }
}
