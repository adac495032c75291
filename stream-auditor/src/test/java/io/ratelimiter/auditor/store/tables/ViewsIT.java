package io.ratelimiter.auditor.store.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Report;
import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Measures the views over the last day beside two weeks of older rows, and checks their plans. */
@Tag("faults")
@LocalStack
class ViewsIT {

  private static final int OLD_ROWS = Integer.getInteger("audit.rows", 10_000_000);
  private static final int OLD_DAYS = 13;
  private static final int CLIENTS_A_MINUTE = OLD_ROWS / OLD_DAYS / 1_440;
  private static final int ROUNDS = 7;

  private static final Report REPORT =
      new Report(
          "views-report.md",
          """
          # The last 24 hours in the views, beside %,d older rows of clients

          Each day: %d clients' rows a minute, every tenth blocked, and the totals of 3 rules on 12 partitions with
          latencies in 40 buckets. Median and worst of %d, warm, milliseconds.

          | view | rows | median | worst |
          |---|---|---|---|
          """
              .formatted(OLD_ROWS, CLIENTS_A_MINUTE, ROUNDS));

  private static final String MINUTES =
      """
      generate_series(%s - interval '%d days', %s - interval '%d days' - interval '1 minute',
        interval '1 minute')
      """;

  private static final String CLIENTS =
      """
      INSERT INTO audit.rate_limit_metrics (window_start, tenant, client_id, limit_key, rule, algorithm,
        allowed_count, blocked_count, error_count, degraded_count, late_count, shadow_checked_count,
        shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us, latency_max_us,
        first_event_at, last_event_at, partition, generation, revision)
      SELECT minute, 'default', 'client-' || lpad(client::text, 5, '0'), 'global', 'default',
        'token_bucket', 20, CASE WHEN client %% 10 = 0 THEN 5 ELSE 0 END, 0, 0, 0, 0, 0, 20, 5, 900, 90,
        minute, minute, client %% 12, 1, 1
      FROM %s AS minute, generate_series(1, %d) AS client
      """;

  private static final String TOTALS =
      """
      INSERT INTO audit.rate_limit_totals (window_start, tenant, limit_key, rule, algorithm, partition,
        allowed_count, blocked_count, error_count, degraded_count, late_count, shadow_checked_count,
        shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us, latency_max_us,
        latency_buckets, latency_counts, first_event_at, last_event_at, generation, revision)
      SELECT minute, 'default', '*', rule, 'token_bucket', partition, 400, 5, 0, 0, 0, 0, 0, 400, 5,
        100000, 900, (SELECT array_agg(b) FROM generate_series(140, 179) AS b),
        (SELECT array_agg(10) FROM generate_series(1, 40)), minute, minute, 1, 1
      FROM %s AS minute, unnest(ARRAY['default', 'premium_client', 'api_client']) AS rule,
        generate_series(0, 11) AS partition
      """;

  private static final Map<String, String> VIEWS =
      new TreeMap<>(
          Map.of(
              "block_rate_by_minute", "window_start >= now() - interval '1 day'",
              "block_rate_by_hour", "hour >= date_trunc('hour', now() - interval '1 day')",
              "block_rate_by_day", "day >= date_trunc('day', now() - interval '1 day', 'UTC')",
              "top_blocked_clients", "hour >= date_trunc('hour', now() - interval '1 day')",
              "rule_effectiveness", "day >= date_trunc('day', now() - interval '1 day', 'UTC')",
              "hour_completeness", "hour >= date_trunc('hour', now() - interval '1 day')",
              "audit_completeness", "last_word_at >= now() - interval '1 day'"));

  private static final String QUANTILE =
      "SELECT audit.latency_us(0.95, now() - interval '%s', now(), 'default', 'default')";

  private static final String CLIENT =
      "SELECT * FROM audit.client_minutes('default', 'client-00100', now() - interval '%s', now())";

  @Test
  void theLastDayIsReadWithoutOlderRows(PrivateServers servers) throws Exception {
    PostgresServer postgres = servers.postgres();
    Sql sql = new Sql(postgres.jdbcUrl());
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(postgres.jdbcUrl());
    new Schema(database, new DayPartitions(new Retention(Clock.systemUTC(), 14, 90))).migrate();
    sql.execute(
        """
        INSERT INTO audit.generations
        SELECT 1, partition, 1, '-infinity', 'infinity' FROM generate_series(0, 11) AS partition
        """);
    for (int day = OLD_DAYS + 1; day >= 1; day--) {
      load(day, sql);
    }
    sql.execute("VACUUM ANALYZE audit.rate_limit_metrics");
    sql.execute("VACUUM ANALYZE audit.rate_limit_totals");

    String oldDay = oldDay(sql);
    List<String> plans = new ArrayList<>();
    for (Map.Entry<String, String> entry : VIEWS.entrySet()) {
      String view = entry.getKey();
      String query = "SELECT * FROM audit." + view + " WHERE " + entry.getValue();
      report(view, query, sql);
      String plan =
          String.join("\n", sql.rows("EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF) " + query));
      plans.add("\n## " + view + "\n\n```sql\n" + query + "\n```\n\n```text\n" + plan + "\n```");
      assertThat(plan.lines().filter(line -> line.contains(oldDay)))
          .as("reads at most one row of an older day, to find the first minute")
          .allMatch(
              line -> line.contains("never executed") || line.matches(".* rows=[01](\\.00)? .*"));
    }
    report("latency_us, one rule, 1 hour", QUANTILE.formatted("1 hour"), sql);
    report("latency_us, one rule, 1 day", QUANTILE.formatted("1 day"), sql);
    report("client_minutes, 1 hour", CLIENT.formatted("1 hour"), sql);
    report("client_minutes, 1 day", CLIENT.formatted("1 day"), sql);
    plans.forEach(plan -> REPORT.line("%s", plan));
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_metrics"))
        .isEqualTo(String.valueOf((OLD_DAYS + 1) * 1_440L * CLIENTS_A_MINUTE));
  }

  private static String oldDay(Sql sql) {
    return sql.one(
        "SELECT '_' || to_char(now() AT TIME ZONE 'UTC' - interval '5 days', 'YYYYMMDD')");
  }

  /** Inserts the rows of one day, which ends {@code day - 1} days before now. */
  private static void load(int day, Sql sql) {
    for (int edge = day - 1; edge <= day; edge++) {
      for (Table table : List.of(Table.METRICS, Table.TOTALS)) {
        sql.execute(
            """
            DO $$ BEGIN
              EXECUTE format('CREATE TABLE IF NOT EXISTS audit.%s_%%s PARTITION OF audit.%s FOR VALUES FROM (%%L) TO (%%L)',
                to_char(now() AT TIME ZONE 'UTC' - interval '%d days', 'YYYYMMDD'),
                date_trunc('day', now() - interval '%d days', 'UTC'),
                date_trunc('day', now() - interval '%d days', 'UTC') + interval '1 day');
            END $$
            """
                .formatted(table.sql(), table.sql(), edge, edge, edge));
      }
    }
    String minutes =
        MINUTES.formatted(
            "date_trunc('minute', now())", day, "date_trunc('minute', now())", day - 1);
    sql.execute(CLIENTS.formatted(minutes, CLIENTS_A_MINUTE));
    sql.execute(TOTALS.formatted(minutes));
  }

  /** Measures a query over one connection, as with a pool; all rows are fetched. */
  private static void report(String view, String query, Sql sql) throws SQLException {
    List<Double> millis = new ArrayList<>();
    int rows = 0;
    try (Connection connection = DriverManager.getConnection(sql.jdbcUrl());
        Statement statement = connection.createStatement()) {
      for (int round = 0; round <= ROUNDS; round++) {
        long begin = System.nanoTime();
        rows = read(statement, query);
        if (round > 0) {
          millis.add((System.nanoTime() - begin) / 1e6);
        }
      }
    }
    millis.sort(null);
    REPORT.line(
        "| `%s` | %,d | %.0f | %.0f |", view, rows, millis.get(ROUNDS / 2), millis.getLast());
  }

  private static int read(Statement statement, String query) throws SQLException {
    int rows = 0;
    try (ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        rows++;
      }
    }
    return rows;
  }
}
