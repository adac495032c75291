package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.TablesFixture.DAY;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.NOON;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The views of callers' tenants, reasons, limiters, revisions, costs and unique clients. */
@LocalStack
class AnalystViewsIT {

  /** The views of minutes, hours and days, and their columns of time. */
  private static final Map<String, String> VIEWS_OF_DAYS =
      Map.ofEntries(
          Map.entry("block_rate_by_minute", "window_start"),
          Map.entry("block_rate_by_hour", "hour"),
          Map.entry("block_rate_by_day", "day"),
          Map.entry("tenant_block_rate_by_minute", "window_start"),
          Map.entry("tenant_block_rate_by_hour", "hour"),
          Map.entry("tenant_block_rate_by_day", "day"),
          Map.entry("client_block_rate_by_minute", "window_start"),
          Map.entry("top_blocked_clients", "hour"),
          Map.entry("rule_effectiveness", "day"),
          Map.entry("blocked_by_reason", "hour"),
          Map.entry("instance_by_hour", "hour"),
          Map.entry("degraded_by_reason_and_instance", "hour"),
          Map.entry("rule_revisions", "day"),
          Map.entry("client_costs", "day"));

  private TablesFixture tables;
  private Sql sql;

  @BeforeEach
  void createSchema(PostgresServer postgres) throws SQLException {
    tables = new TablesFixture(postgres);
    sql = tables.sql();
  }

  @Test
  void aTenantsRateIsTheSumOverRegionsPartitionsAndParts() throws SQLException {
    for (int partition = 0; partition < 2; partition++) {
      for (String region : List.of("eu", "us")) {
        for (int part = 0; part < 2; part++) {
          tables.write(
              row(
                  Dimensions.of(Kind.TENANT_TOTAL, MINUTE, part, region, "acme"),
                  Map.of(
                      Figure.ALLOWED_COUNT, 3L,
                      Figure.BLOCKED_COUNT, 1L,
                      Figure.TOO_COSTLY_COUNT, 1L,
                      Figure.ERROR_COUNT, 2L,
                      Figure.FIRST_BLOCKED_US, (MINUTE + partition) * 1_000_000),
                  partition,
                  1,
                  1));
        }
      }
    }

    String figures =
        "allowed_count, blocked_count, block_rate, first_blocked_at AT TIME ZONE 'UTC'";
    for (String span : List.of("minute", "hour", "day")) {
      assertThat(sql.one("SELECT tenant, " + figures + " FROM audit.tenant_block_rate_by_" + span))
          .as(span)
          .isEqualTo("acme|24|8|0.25|2026-03-20 12:00:00");
    }
    assertThat(
            sql.rows("SELECT reason, blocked_count FROM audit.blocked_by_reason ORDER BY reason"))
        .containsExactly("cost_exceeds_limit|8", "store_unavailable|16");
  }

  @Test
  void aLimitersDecisionsAreApartByReason() throws SQLException {
    tables.write(
        instance("one", "redis", "(none)", MINUTE, 7),
        instance("one", "local", "timeout", MINUTE, 3),
        instance("two", "redis", "(none)", MINUTE, 5));

    assertThat(
            sql.rows(
                """
                SELECT instance, sum(allowed_count) FROM audit.instance_by_hour
                GROUP BY instance ORDER BY instance
                """))
        .containsExactly("one|10", "two|5");
    assertThat(
            sql.rows(
                """
                SELECT instance, source, degraded_reason, degraded_count
                FROM audit.degraded_by_reason_and_instance
                """))
        .containsExactly("one|local|timeout|3");
  }

  private static AuditRow instance(
      String name, String source, String reason, long minute, long allowed) {
    return row(
        Dimensions.of(Kind.INSTANCE_TOTAL, minute, 0, "", name, source, reason),
        Map.of(Figure.ALLOWED_COUNT, allowed),
        0,
        1,
        1);
  }

  @Test
  void aRulesRevisionsAreApartAndItsRateIsTheirSum() throws SQLException {
    tables.write(total(MINUTE, 4, 9, 1), total(MINUTE + 60, 5, 3, 7));

    assertThat(
            sql.rows(
                """
                SELECT rule_revision, allowed_count, blocked_count,
                  extract(epoch FROM first_minute)::bigint - %d
                FROM audit.rule_revisions ORDER BY rule_revision
                """
                    .formatted(MINUTE)))
        .containsExactly("4|9|1|0", "5|3|7|60");
    assertThat(sql.one("SELECT allowed_count, blocked_count FROM audit.block_rate_by_hour"))
        .isEqualTo("12|8");
  }

  private static AuditRow total(long minute, long revision, long allowed, long blocked) {
    return row(
        new Dimensions(
            Kind.TOTAL, minute, 0, revision, List.of("", "default", "*", "rule", "token_bucket")),
        Map.of(Figure.ALLOWED_COUNT, allowed, Figure.BLOCKED_COUNT, blocked),
        0,
        1,
        1);
  }

  @Test
  void costsAreNetOfRefundsByClientAndInBills() throws SQLException {
    Map<Figure, Long> figures =
        Map.of(
            Figure.ALLOWED_COUNT, 2L,
            Figure.COST_ALLOWED, 10L,
            Figure.REFUND_COUNT, 1L,
            Figure.COST_REFUNDED, 4L,
            Figure.RESET_COUNT, 1L);
    tables.write(
        row(client("c", MINUTE, 0), figures, 0, 1, 1),
        row(client("c", MINUTE, 1), figures, 0, 1, 1),
        row(bill(MINUTE / DAY * DAY), figures, 0, 1, 1),
        row(bill(MINUTE / DAY * DAY - DAY), figures, 1, 1, 1));

    assertThat(
            sql.one(
                """
                SELECT client_id, cost_allowed, cost_refunded, net_cost, refund_count, reset_count
                FROM audit.client_costs
                """))
        .isEqualTo("c|20|8|12|2|2");
    assertThat(
            sql.one(
                """
                SELECT month AT TIME ZONE 'UTC', tenant, client_id, allowed_count, net_cost
                FROM audit.bills_by_month
                """))
        .isEqualTo("2026-03-01 00:00:00|default|(all)|4|12");
  }

  private static Dimensions client(String client, long minute, int part) {
    return Dimensions.of(
        Kind.CLIENT, minute, part, "", "default", client, "global", "rule", "token_bucket");
  }

  private static Dimensions bill(long day) {
    return Dimensions.of(Kind.BILL, day, 0, "", "default", "(all)");
  }

  @Test
  void aMonthIsFinalWithItsLastDayInEachTimeZone() throws SQLException {
    tables.write(row(bill(MINUTE / DAY * DAY), Map.of(Figure.ALLOWED_COUNT, 1L), 0, 1, 1));

    for (String zone : List.of("America/Los_Angeles", "UTC", "Asia/Tokyo")) {
      closeBefore(Instant.parse("2026-03-31T23:59:00Z"));
      assertThat(monthIsFinal(zone)).as(zone).isFalse();
      closeBefore(Instant.parse("2026-04-01T00:00:00Z"));
      assertThat(monthIsFinal(zone)).as(zone).isTrue();
    }
  }

  private void closeBefore(Instant closed) throws SQLException {
    sql.execute("DELETE FROM audit.watermarks");
    tables.write(
        new Watermark(
            Topics.DECISIONS, 0, 1, 1, 1, closed.toEpochMilli(), closed.getEpochSecond(), 0, 1));
  }

  private boolean monthIsFinal(String zone) throws SQLException {
    try (Connection connection = tables.database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE '" + zone + "'");
      try (ResultSet row = statement.executeQuery("SELECT final FROM audit.bills_by_month")) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  @Test
  void aViewOfOneDayReadsNoOtherDay() throws SQLException {
    List<AuditRow> rows = new ArrayList<>();
    for (long minute = MINUTE - 4 * DAY; minute <= MINUTE; minute += DAY / 48) {
      rows.add(row(client("c", minute, 0), Map.of(Figure.BLOCKED_COUNT, 1L), 0, 1, 1));
      rows.add(total(minute, 4, 9, 1));
      rows.add(
          row(
              Dimensions.of(Kind.TENANT_TOTAL, minute, 0, "", "acme"),
              Map.of(Figure.BLOCKED_COUNT, 1L),
              0,
              1,
              1));
      rows.add(instance("one", "local", "timeout", minute, 3));
    }
    tables.write(rows.toArray(AuditRow[]::new));
    sql.execute("ANALYZE");

    for (Map.Entry<String, String> view : VIEWS_OF_DAYS.entrySet()) {
      String query =
          "SELECT * FROM audit.%s WHERE %s >= '2026-03-20Z'"
              .formatted(view.getKey(), view.getValue());
      assertThat(sql.rows(query)).as(query).isNotEmpty();
      assertThat(sql.rows("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + query))
          .as(query)
          .anyMatch(line -> line.contains("_20260320"))
          .filteredOn(line -> line.contains("_20260318"))
          .allMatch(line -> line.contains("never executed"));
    }
  }

  @Test
  void uniqueClientsOfSeveralRowsAreCountedOnceWithinTheStatedError() throws SQLException {
    Random random = new Random(7);
    TreeMap<Integer, Integer> first = new TreeMap<>();
    TreeMap<Integer, Integer> second = new TreeMap<>();
    for (int i = 0; i < 30_000; i++) {
      long hash = random.nextLong();
      int index = (int) (hash >>> 53);
      int rank = 1 + Long.numberOfLeadingZeros(hash << 11 | 1 << 10);
      if (i < 20_000) {
        first.merge(index, rank, Math::max);
      }
      if (i >= 10_000) {
        second.merge(index, rank, Math::max);
      }
    }
    tables.write(registers(0, first), registers(1, second));

    double counted =
        Double.parseDouble(
            sql.one("SELECT audit.unique_clients(registers) FROM audit.served_unique_clients"));
    assertThat(counted).isBetween(30_000 * 0.95, 30_000 * 1.05);
    assertThat(
            sql.one(
                """
                SELECT audit.unique_clients(registers) FROM audit.served_unique_clients
                WHERE partition = 9
                """))
        .isEqualTo("0");
  }

  private static AuditRow registers(int partition, TreeMap<Integer, Integer> ranks) {
    return new AuditRow(
        Dimensions.of(Kind.UNIQUE_CLIENTS, MINUTE, 0, "default"),
        Figures.of(Map.of()),
        null,
        ranks.entrySet().stream()
            .map(rank -> rank.getKey() * AuditRow.RANKS + rank.getValue())
            .toList(),
        Topics.DECISIONS,
        partition,
        1,
        1);
  }

  @Test
  void anotherTopicHasANumberOfItsOwnAndRowsBesideThoseOfTheFirst() throws SQLException {
    AuditRow old = row(client("c", MINUTE, 0), Map.of(Figure.ALLOWED_COUNT, 2L), 0, 1, 1);
    tables.write(
        old,
        new AuditRow(
            old.dimensions(), old.figures(), null, List.of(), "ratelimiter.decisions.v2", 5, 1, 1));

    assertThat(sql.rows("SELECT topic, name FROM audit.topics ORDER BY topic"))
        .containsExactly("1|ratelimiter.decisions.v1", "2|ratelimiter.decisions.v2");
    assertThat(sql.one("SELECT sum(allowed_count) FROM audit.served_metrics")).isEqualTo("4");
  }

  @Test
  void rowsBeyondTheRetentionAreDeletedAndBillsAreKeptForThirteenMonths() throws SQLException {
    tables.write(
        row(bill(MINUTE / DAY * DAY - 300 * DAY), Map.of(Figure.ALLOWED_COUNT, 1L), 0, 1, 1),
        registers(0, new TreeMap<>(Map.of(1, 1))));

    tables.openAt(NOON.plusSeconds(91 * DAY));
    assertThat(sql.one("SELECT count(*) FROM audit.unique_clients")).isEqualTo("0");
    assertThat(sql.one("SELECT count(*) FROM audit.bills")).isEqualTo("1");
    tables.openAt(NOON.plusSeconds(100 * DAY));
    assertThat(sql.one("SELECT count(*) FROM audit.bills")).isEqualTo("0");
  }

  @Test
  void aViewOfFiguresStatesItsSpansAndThatTheyMayChange() {
    assertThat(
            sql.rows(
                """
                SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind = 'v' AND a.attname = 'final'
                  AND obj_description(c.oid) !~ '[Ww]hole (minutes|hours|days|months) \\(UTC\\).*final'
                """))
        .isEmpty();
  }

  @Test
  void everyTableViewAndColumnHasACommentAndMayBeReadByTheAnalyst() {
    assertThat(
            sql.rows(
                """
                SELECT c.relname, a.attname FROM pg_class c
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
                WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p', 'v')
                  AND NOT c.relispartition AND c.relname <> 'flyway_schema_history'
                  AND a.attname <> 'only_row'
                  AND (obj_description(c.oid) IS NULL OR col_description(c.oid, attnum) IS NULL
                    OR NOT has_table_privilege('analyst', c.oid, 'SELECT'))
                """))
        .isEmpty();
  }
}
