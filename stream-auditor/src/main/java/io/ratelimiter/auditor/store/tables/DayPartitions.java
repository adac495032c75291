package io.ratelimiter.auditor.store.tables;

import io.ratelimiter.schemas.audit.MinuteRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The day partitions of the two tables of minutes: created in advance and for each row of another
 * day, dropped after the retention. A day is a day in UTC.
 */
public final class DayPartitions {

  /** A partitioned table. */
  enum Table {
    METRICS("rate_limit_metrics"),
    TOTALS("rate_limit_totals");

    private final String sql;

    Table(String sql) {
      this.sql = sql;
    }

    /** Its name in the schema. */
    String sql() {
      return sql;
    }
  }

  /** Days for which partitions are created in advance. */
  private static final int DAYS_AHEAD = 3;

  /** Advisory lock of all auditors, so that one at a time creates or drops a partition. */
  private static final long LOCK = 0x617564697464L;

  private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;
  private static final Pattern PARTITION = Pattern.compile("(rate_limit_\\w+)_(\\d{8})");

  private final Clock clock;
  private final int clientDays;
  private final int totalDays;
  private final Set<String> existing = ConcurrentHashMap.newKeySet();

  /**
   * @param clientDays days for which rows of clients are kept
   * @param totalDays days for which totals are kept
   */
  public DayPartitions(Clock clock, int clientDays, int totalDays) {
    this.clock = clock;
    this.clientDays = clientDays;
    this.totalDays = totalDays;
  }

  /** Creates the partitions of the next days. Blocks. */
  void createAhead(Connection connection) throws SQLException {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    for (Table table : Table.values()) {
      for (int day = 0; day <= DAYS_AHEAD; day++) {
        create(table, today.plusDays(day), connection);
      }
    }
  }

  /** Drops a partition, which another auditor may have dropped already. */
  static void drop(String partition, Connection connection) throws SQLException {
    execute("DROP TABLE IF EXISTS audit." + partition, connection);
  }

  /** The rows within the retention; creates their partitions. Blocks. */
  List<MinuteRow> writable(List<MinuteRow> rows, Table table, Connection connection)
      throws SQLException {
    long oldest = oldest(table).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    List<MinuteRow> writable = new ArrayList<>(rows.size());
    Set<LocalDate> days = new TreeSet<>();
    for (MinuteRow row : rows) {
      long windowStart = row.dimensions().windowStart();
      if (windowStart >= oldest) {
        writable.add(row);
        days.add(LocalDate.ofInstant(Instant.ofEpochSecond(windowStart), ZoneOffset.UTC));
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
    String name = table.sql + "_" + day.format(SUFFIX);
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
              .formatted(name, table.sql, day, day.plusDays(1)),
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
                WHERE inhparent IN ('audit.rate_limit_metrics'::regclass,
                                    'audit.rate_limit_totals'::regclass)
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
    Table table = name.group(1).equals(Table.METRICS.sql) ? Table.METRICS : Table.TOTALS;
    return LocalDate.parse(name.group(2), SUFFIX).isBefore(oldest(table));
  }

  private LocalDate oldest(Table table) {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
        .minusDays(table == Table.METRICS ? clientDays : totalDays);
  }

  /** The time from which totals are kept. */
  Instant totalsKeptFrom() {
    return oldest(Table.TOTALS).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private static void execute(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Makes the next write check all partitions again, since one may be rolled back or dropped. */
  void invalidate() {
    existing.clear();
  }
}
