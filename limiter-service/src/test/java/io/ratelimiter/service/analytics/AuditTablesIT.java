package io.ratelimiter.service.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The page's queries of the tables that the auditor's migrations create. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTablesIT {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Span HOUR = new Span(NOON, NOON.plus(Duration.ofHours(1)));

  private AuditSchema schema;
  private AuditTables tables;

  @BeforeAll
  void migrate(PostgresServer postgres) throws IOException, SQLException {
    schema = new AuditSchema(postgres, "analytics");
    for (String table : List.of("rate_limit_metrics", "rate_limit_totals", "tenant_totals")) {
      schema.execute(
          "CREATE TABLE audit.all_%1$s PARTITION OF audit.%1$s DEFAULT".formatted(table));
    }
    tables = schema.tables();
  }

  @AfterAll
  void close() {
    schema.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    schema.execute(
        "TRUNCATE audit.rate_limit_metrics, audit.rate_limit_totals, audit.tenant_totals,"
            + " audit.watermarks, audit.heartbeat");
  }

  @Test
  void anHourIsCompleteOnceItsEndIsClosedAndNotWithItsLastMinuteThatHasDecisions()
      throws SQLException {
    total("minute + interval '5 minutes'", "'rule'", 1);
    closedBefore("2026-11-20T12:59:00Z");
    assertThat(tables.blockRates(HOUR, Step.HOUR, null))
        .containsExactly(new BlockRate(NOON, 90, 10, 0, 0, 0, false));
    assertThat(tables.blockRates(HOUR, Step.MINUTE, null))
        .containsExactly(new BlockRate(NOON.plusSeconds(300), 90, 10, 0, 0, 0, true));

    closedBefore("2026-11-20T13:00:00Z");
    assertThat(tables.blockRates(HOUR, Step.HOUR, null))
        .extracting(BlockRate::complete)
        .containsOnly(true);
  }

  @Test
  void figuresAreAsOldAsTheirOldestPartitionAndTheAuditorAsItsHeartbeat() throws SQLException {
    assertThat(tables.freshness()).isEqualTo(new Freshness(null, null, null, null));

    schema.execute(
        """
        INSERT INTO audit.watermarks
          (partition, generation, revision, partitions, append_high_at, closed_before, whole_from)
        SELECT p, 1, 1, 3, now() - p * interval '5 minutes', 'epoch', 'epoch'
        FROM generate_series(0, 1) AS p;
        INSERT INTO audit.heartbeat (beat_at) VALUES (now() - interval '3 minutes')
        """);
    assertThat(tables.freshness())
        .returns(null, Freshness::asOf)
        .extracting(Freshness::silentSeconds)
        .satisfies(silent -> assertThat(silent).isBetween(180L, 300L));

    schema.execute(
        """
        INSERT INTO audit.watermarks
        SELECT 2, generation, revision, partitions, append_high_at, closed_before, whole_from
        FROM audit.watermarks WHERE partition = 0
        """);
    Freshness whole = tables.freshness();
    assertThat(whole.ageSeconds()).isBetween(300L, 420L);
    assertThat(
            schema.number(
                "SELECT count(*) FROM audit.freshness f WHERE f.as_of = (SELECT min(append_high_at)"
                    + " FROM audit.watermarks) AND f.age > interval '299 seconds'"))
        .isEqualTo(1);
    assertThat(
            schema.number("SELECT count(*) FROM audit.partition_freshness WHERE age < '1 minute'"))
        .isEqualTo(2);
  }

  @Test
  void everyRuleIsReturnedAndNotOnlyTheFirstTwoHundred() throws SQLException {
    total("minute", "'rule-' || n", 300);
    assertThat(tables.rules(HOUR)).hasSize(300);
  }

  @Test
  void theLatencyOfARuleEqualsThatOfTheAuditsOwnFunction() throws SQLException {
    total("minute", "'rule-' || n", 3);
    assertThat(tables.rules(HOUR))
        .extracting(RuleEffect::p95LatencyMicros)
        .containsOnly(latency("rule-1"))
        .doesNotContainNull();
  }

  @Test
  void latenciesAreNotComputedWhereThatWouldTakeTooLong() throws SQLException {
    total("minute", "'rule-' || n", 3);
    Span tenDays = new Span(NOON.minus(Duration.ofDays(5)), NOON.plus(Duration.ofDays(5)));
    assertThat(tables.rules(tenDays)).extracting(RuleEffect::p95LatencyMicros).doesNotContainNull();
    Span elevenDays = new Span(NOON.minus(Duration.ofDays(5)), NOON.plus(Duration.ofDays(6)));
    assertThat(tables.rules(elevenDays))
        .hasSize(3)
        .extracting(RuleEffect::p95LatencyMicros)
        .containsOnlyNulls();
  }

  @Test
  void aMinuteWithARuleInShadowModeIsReturnedOnlyIfTheRuleAlsoEnforced() throws SQLException {
    minute("enforced", 7, 0);
    minute("mixed", 5, 2);
    minute("watched", 0, 4);
    assertThat(tables.client("default", "client", HOUR))
        .extracting(ClientUse::rule)
        .containsExactly("enforced", "mixed");
  }

  @Test
  void figuresOfATenantAreThoseOfItsCallersWithTheirReasons() throws SQLException {
    total("minute", "'rule'", 1);
    tenant("acme", 70, 20, 5, 3);
    tenant("globex", 20, 0, 0, 0);

    assertThat(tables.blockRates(HOUR, Step.HOUR, "acme"))
        .containsExactly(new BlockRate(NOON, 70, 20, 5, 3, 3, false));
    assertThat(tables.blockRates(HOUR, Step.HOUR, "unknown")).isEmpty();
    assertThat(tables.tenants(HOUR))
        .containsExactly(
            new TenantUse("acme", 70, 20, 5, 3, 68, NOON),
            new TenantUse("globex", 20, 0, 0, 0, 18, null));
  }

  @Test
  void theNetCostOfATenantFollowsSettlements() throws SQLException {
    tenant("acme", 70, 20, 5, 3);
    schema.execute("UPDATE audit.tenant_totals SET cost_settled_back = 9, cost_settled_more = 4");

    assertThat(tables.tenants(HOUR)).extracting(TenantUse::netCost).containsExactly(63L);
  }

  @Test
  void theMostBlockedClientsCanBeThoseOfOneTenant() throws SQLException {
    minute("enforced", 7, 0);
    schema.execute("UPDATE audit.rate_limit_metrics SET blocked_count = 4");
    assertThat(tables.topBlocked(HOUR, "default", 5)).hasSize(1);
    assertThat(tables.topBlocked(HOUR, "acme", 5)).isEmpty();
    assertThat(tables.topBlocked(HOUR, null, 5)).hasSize(1);
  }

  @Test
  void aChangeOfSeveralRulesIsOneRevision() throws SQLException {
    schema.execute(
        "UPDATE limiter.rate_limit_rules SET rate = 7 WHERE name IN ('default', 'api_client');"
            + " DELETE FROM limiter.rate_limit_rules WHERE name = 'premium_client'");
    Instant now = Instant.now();
    Span lately = new Span(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)));

    assertThat(tables.ruleChanges(lately))
        .extracting(RuleChange::rules, RuleChange::rule)
        .endsWith(tuple(2L, "api_client"), tuple(1L, "premium_client"));
    assertThat(tables.ruleChanges(lately)).extracting(RuleChange::revision).isSorted();
    assertThat(tables.ruleChanges(HOUR)).isEmpty();
  }

  private void tenant(String name, int allowed, int blocked, int tooCostly, int errors)
      throws SQLException {
    schema.execute(
        """
        INSERT INTO audit.tenant_totals (window_start, tenant, region, partition, generation, topic,
          part, revision, allowed_count, blocked_count, too_costly_count, error_count, degraded_count,
          late_count, cost_allowed, cost_blocked, refund_count, cost_refunded, reset_count,
          last_blocked_at)
        VALUES ('%1$s', '%2$s', '', 0, 1, 1, 0, 1, %3$d, %4$d, %5$d, %6$d, %6$d, 0, %3$d, 0, 1, 2, 0,
          CASE WHEN %4$d > 0 THEN timestamptz '%1$s' END)
        """
            .formatted(NOON, name, allowed, blocked, tooCostly, errors));
  }

  /** Rows of the minute at noon or after it, by SQL over {@code minute} and {@code n}. */
  private void total(String minute, String rule, int rows) throws SQLException {
    schema.execute(
        """
        INSERT INTO audit.rate_limit_totals (window_start, tenant, limit_key, rule, algorithm,
          partition, allowed_count, blocked_count, error_count, degraded_count, late_count,
          shadow_checked_count, shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us,
          latency_max_us, latency_buckets, latency_counts, first_event_at, last_event_at, generation,
          revision)
        SELECT %s, 'default', '*', %s, 'token_bucket', 0, 90, 10, 0, 0, 0, 0, 0, 90, 10, 100000,
          9000, ARRAY[140, 160, 180], ARRAY[60, 34, 6], minute, minute, 1, 1
        FROM (VALUES (timestamptz '%s')) AS noon (minute), generate_series(1, %d) AS n
        """
            .formatted(minute, rule, NOON, rows));
  }

  private void minute(String rule, int allowed, int shadowChecked) throws SQLException {
    schema.execute(
        """
        INSERT INTO audit.rate_limit_metrics (window_start, tenant, client_id, limit_key, rule,
          algorithm, allowed_count, blocked_count, error_count, degraded_count, late_count,
          shadow_checked_count, shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us,
          latency_max_us, first_event_at, last_event_at, partition, generation, revision)
        VALUES ('%1$s', 'default', 'client', 'global', '%2$s', 'token_bucket', %3$d, 0, 0, 0, 0,
          %4$d, 0, %3$d, 0, 900, 90, '%1$s', '%1$s', 0, 1, 1)
        """
            .formatted(NOON, rule, allowed, shadowChecked));
  }

  private void closedBefore(String time) throws SQLException {
    schema.execute(
        """
        INSERT INTO audit.watermarks VALUES (0, 1, 1, 1, '%1$s', '%1$s', '1970-01-01T00:00:00Z')
        ON CONFLICT (topic, partition, generation) DO UPDATE SET closed_before = EXCLUDED.closed_before
        """
            .formatted(time));
  }

  private double latency(String rule) throws SQLException {
    return schema.number(
        "SELECT audit.latency_us(0.95, '%s', '%s', 'default', '%s')"
            .formatted(HOUR.from(), HOUR.to(), rule));
  }
}
