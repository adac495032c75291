package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The views of rows that an earlier version wrote, before and after the migration. */
@LocalStack
class UpgradeIT {

  private static final String EARLIER = "4";

  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** Two days, the first of which a lower generation counted, and three partitions. */
  private static final String ROWS =
      """
      CREATE TABLE audit.rate_limit_metrics_20260319 PARTITION OF audit.rate_limit_metrics
        FOR VALUES FROM ('2026-03-19Z') TO ('2026-03-20Z');
      CREATE TABLE audit.rate_limit_metrics_20260320 PARTITION OF audit.rate_limit_metrics
        FOR VALUES FROM ('2026-03-20Z') TO ('2026-03-21Z');
      CREATE TABLE audit.rate_limit_totals_20260319 PARTITION OF audit.rate_limit_totals
        FOR VALUES FROM ('2026-03-19Z') TO ('2026-03-20Z');
      CREATE TABLE audit.rate_limit_totals_20260320 PARTITION OF audit.rate_limit_totals
        FOR VALUES FROM ('2026-03-20Z') TO ('2026-03-21Z');

      CREATE TEMP TABLE minutes AS
      SELECT at, 1 + (at >= '2026-03-20Z')::integer AS generation, partition
      FROM generate_series(timestamptz '2026-03-19 22:57Z', '2026-03-20 12:00Z', '17 minutes') AS at,
        generate_series(0, 2) AS partition;

      INSERT INTO audit.rate_limit_metrics (window_start, tenant, client_id, limit_key, rule, algorithm,
        allowed_count, blocked_count, error_count, degraded_count, late_count, shadow_checked_count,
        shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us, latency_max_us, first_event_at,
        last_event_at, partition, generation, revision)
      SELECT at, 'default', 'client-' || partition, 'global', rule, 'token_bucket',
        CASE WHEN partition < 2 THEN 20 END, partition, 1, 2, 3, 4, 5, CASE WHEN partition < 2 THEN 30 END,
        6, 900, 90, at, at, partition, generation, 7
      FROM minutes, unnest(ARRAY['default', 'stricter']) AS rule;

      INSERT INTO audit.rate_limit_totals (window_start, tenant, limit_key, rule, algorithm, partition,
        allowed_count, blocked_count, error_count, degraded_count, late_count, shadow_checked_count,
        shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us, latency_max_us,
        latency_buckets, latency_counts, first_event_at, last_event_at, generation, revision)
      SELECT at, 'default', '*', rule, 'token_bucket', partition, 20, partition, 1, 2, 3, 4, 5, 30, 6, 900,
        90, ARRAY[140, 160 + partition], ARRAY[19, 1], at, at, generation, 7
      FROM minutes, unnest(ARRAY['default', 'stricter']) AS rule;

      INSERT INTO audit.watermarks
      SELECT partition, 2, 7, 3, timestamptz '2026-03-20 12:00Z' + partition * interval '1 second',
        timestamptz '2026-03-20 06:00Z' + partition * interval '1 minute', to_timestamp(0)
      FROM generate_series(0, 2) AS partition;

      INSERT INTO audit.series
      SELECT 'limiter-1', epoch, partition, generation, 7, 30, 29, 0, 1, 30, 1, 28, 1, 2, 0, closed, unknown_tail, at
      FROM generate_series(0, 2) AS partition,
        (VALUES ('killed', 1, true, true, timestamptz '2026-03-19 23:00Z'),
          ('stopped', 2, true, false, '2026-03-20 09:00Z'),
          ('open', 2, false, null, '2026-03-20 11:59Z')) AS s (epoch, generation, closed, unknown_tail, at);

      INSERT INTO audit.heartbeat VALUES (true, '2026-03-20 12:00Z')
      """;

  /** Ages, and the ends of tails that are open, are by the clock. */
  private static final String VIEWS =
      """
      SELECT c.relname, string_agg(a.attname, ', ' ORDER BY a.attnum)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
      WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind = 'v'
        AND a.attname NOT IN ('age', 'auditor_silent_for', 'before_at')
      GROUP BY c.relname
      """;

  private final PGSimpleDataSource database = new PGSimpleDataSource();
  private Sql sql;

  @BeforeEach
  void createEarlierTables(PostgresServer postgres) throws SQLException {
    String url = postgres.createDatabase("upgrade_" + DATABASES.incrementAndGet());
    sql = new Sql(url);
    database.setUrl(url);
    migrateTo(EARLIER);
    sql.execute(ROWS);
  }

  @Test
  void viewsShowTheFiguresOfAnEarlierVersionAsBefore() throws SQLException {
    Map<String, String> columns = sql.pairs(VIEWS);
    Map<String, List<String>> before = figures(columns);

    DayPartitions days =
        new DayPartitions(new Retention(Clock.fixed(NOON, ZoneOffset.UTC), 14, 90));
    new Schema(database, days).migrate();

    assertThat(before).hasSize(9).doesNotContainValue(List.of());
    assertThat(figures(columns)).isEqualTo(before);

    Tables tables = new Tables(database, days, _ -> {});
    tables.write(
        new Batch(
            List.of(
                TablesFixture.total(MINUTE, 1, 3, 100, 0),
                TablesFixture.row("client-0", MINUTE, 1, 3, 100)),
            List.of(),
            List.of(),
            List.of()));
    assertThat(figures(columns)).as("beside rows of the next generation").isEqualTo(before);
  }

  @Test
  void rowsWithoutPrioritiesWaitsAndSettlementsHaveNone() throws SQLException {
    migrateTo("7");
    Map<String, String> columns = sql.pairs(VIEWS);
    Map<String, List<String>> before = figures(columns);

    new Schema(
            database, new DayPartitions(new Retention(Clock.fixed(NOON, ZoneOffset.UTC), 14, 90)))
        .migrate();

    assertThat(before).hasSizeGreaterThan(20);
    assertThat(figures(columns)).isEqualTo(before);
    assertThat(
            sql.rows(
                """
                SELECT DISTINCT high_allowed_count, high_blocked_count, low_allowed_count,
                  low_blocked_count, waited_count, wait_sum_us, settled_count, cost_settled_back,
                  cost_settled_more, cost_uncharged
                FROM audit.client_block_rate_by_minute
                """))
        .containsExactlyInAnyOrder("0|0|0|0|0|0|0|0|0|0", "null|0|null|0|null|null|0|0|0|0");
    assertThat(sql.rows("SELECT DISTINCT priority FROM audit.priority_block_rate_by_hour"))
        .containsExactly("normal");
    assertThat(sql.one("SELECT count(*) FROM audit.client_costs WHERE net_cost <> cost_allowed"))
        .isEqualTo("0");
  }

  private void migrateTo(String version) {
    Flyway.configure()
        .dataSource(database)
        .schemas("audit")
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
  }

  /** The rows of each view, and what functions return. */
  private Map<String, List<String>> figures(Map<String, String> columns) {
    Map<String, List<String>> figures = new TreeMap<>();
    columns.forEach((view, names) ->
        figures.put(
            view, sql.rows("SELECT " + names + " FROM audit." + view + " ORDER BY " + names)));
    figures.put(
        "functions",
        sql.rows(
            "SELECT audit.closed_before(), audit.latency_us(0.99, '2026-03-19Z', '2026-03-21Z')"));
    return figures;
  }
}
