package io.ratelimiter.auditor.store;

import io.ratelimiter.schemas.MinuteRow;
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
 * The day partitions of the two tables of minutes: made ahead, made when a row of another day
 * comes, dropped after retention. Days are UTC.
 */
final class Days {

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

  /** A weekend without a running auditor's upkeep would not matter. */
  private static final int AHEAD = 3;

  /** One key for all auditors: partitions are made and dropped by one at a time. */
  private static final long LOCK = 0x617564697464L;

  private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;
  private static final Pattern PARTITION = Pattern.compile("(rate_limit_\\w+)_(\\d{8})");

  private final Clock clock;
  private final int clientDays;
  private final int totalDays;
  private final Set<String> there = ConcurrentHashMap.newKeySet();

  Days(Clock clock, StoreProperties settings) {
    this.clock = clock;
    this.clientDays = settings.retentionDays();
    this.totalDays = settings.totalsRetentionDays();
  }

  /** Creates the partitions of the next days. Blocks. */
  void makeAhead(Connection connection) throws SQLException {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    for (Table table : Table.values()) {
      for (int day = 0; day <= AHEAD; day++) {
        make(table, today.plusDays(day), connection);
      }
    }
  }

  /** Drops a partition; one that another auditor has dropped is gone already. */
  static void drop(String partition, Connection connection) throws SQLException {
    execute("DROP TABLE IF EXISTS audit." + partition, connection);
  }

  /** Those rows that retention would not take at once; their partitions exist then. */
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
      make(table, day, connection);
    }
    return writable;
  }

  /**
   * Created as a separate table and attached: unlike {@code PARTITION OF}, this neither waits for
   * queries on the table nor blocks them.
   */
  private void make(Table table, LocalDate day, Connection connection) throws SQLException {
    String name = table.sql + "_" + day.format(SUFFIX);
    if (there.contains(name)) {
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
    there.add(name);
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

  /** Partitions that are older than the retention. */
  List<String> tooOld(Connection connection) throws SQLException {
    List<String> tooOld = new ArrayList<>();
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
        if (name.matches() && isTooOld(name)) {
          tooOld.add(name.group());
        }
      }
    }
    return tooOld;
  }

  private boolean isTooOld(Matcher name) {
    Table table = name.group(1).equals(Table.METRICS.sql) ? Table.METRICS : Table.TOTALS;
    return LocalDate.parse(name.group(2), SUFFIX).isBefore(oldest(table));
  }

  private LocalDate oldest(Table table) {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
        .minusDays(table == Table.METRICS ? clientDays : totalDays);
  }

  private static void execute(String sql, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Looks again before the next write: what was there may have been rolled back or dropped. */
  void forget() {
    there.clear();
  }
}
