package io.ratelimiter.service.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The page's slowest queries on full tables: the database cancels them after 8 s. Prints how long
 * each took.
 */
@Tag("faults")
@LocalStack
class AuditTablesVolumeIT {

  private static final int DAYS = Integer.getInteger("audit.days", 90);
  private static final Instant END = Instant.parse("2026-11-20T00:00:00Z");

  /** Three rules are busy every minute, on each of 12 partitions. */
  private static final String DAY =
      """
      INSERT INTO audit.rate_limit_totals (window_start, tenant, limit_key, rule, algorithm,
        partition, allowed_count, blocked_count, error_count, degraded_count, late_count,
        shadow_checked_count, shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us,
        latency_max_us, latency_buckets, latency_counts, first_event_at, last_event_at, generation,
        revision)
      SELECT minute, 'default', '*', rule, 'token_bucket', partition, 400, 5, 0, 0, 0, 0, 0, 400, 5,
        100000, 900, (SELECT array_agg(b) FROM generate_series(140, 179) AS b),
        (SELECT array_agg(10) FROM generate_series(1, 40)), minute, minute, 1, 1
      FROM generate_series(timestamptz '%1$s 00:00Z', timestamptz '%1$s 23:59Z', interval '1 minute')
          AS minute,
        unnest(ARRAY['default', 'premium_client', 'api_client']) AS rule,
        generate_series(0, 11) AS partition
      """;

  @Test
  void everySpanThatThePageOffersIsAnswered(PrivateServers servers) throws Exception {
    PostgresServer postgres = servers.postgres();
    try (AuditSchema schema = new AuditSchema(postgres, "volume")) {
      for (int day = DAYS; day >= 1; day--) {
        fill(LocalDate.ofInstant(END, ZoneOffset.UTC).minusDays(day), schema);
      }
      schema.execute("VACUUM ANALYZE audit.rate_limit_totals");
      System.out.printf(
          "%.0f rows, %.0f MB%n",
          schema.number("SELECT count(*) FROM audit.rate_limit_totals"),
          schema.number("SELECT pg_database_size(current_database()) / 1e6"));
      AuditTables tables = schema.tables();
      for (int days : List.of(1, 7, 30, DAYS)) {
        Span span = new Span(END.minus(Duration.ofDays(days)), END);
        Step step = days <= 1 ? Step.MINUTE : days <= 30 ? Step.HOUR : Step.DAY;
        assertThat(timed("block rates", span, () -> tables.blockRates(span, step, null)))
            .hasSize((int) step.in(span));
        assertThat(timed("rules", span, () -> tables.rules(span)))
            .extracting(effect -> effect.p95LatencyMicros() != null)
            .containsExactly(days <= 10, days <= 10, days <= 10);
      }
    }
  }

  private static void fill(LocalDate day, AuditSchema schema) throws SQLException {
    schema.execute(
        """
        CREATE TABLE audit.rate_limit_totals_%s PARTITION OF audit.rate_limit_totals
        FOR VALUES FROM ('%s 00:00Z') TO ('%s 00:00Z')
        """
            .formatted(day.toString().replace("-", ""), day, day.plusDays(1)));
    schema.execute(DAY.formatted(day));
  }

  private static <T> List<T> timed(String what, Span span, Supplier<List<T>> query) {
    long begin = System.nanoTime();
    List<T> rows = query.get();
    System.out.printf(
        "%s of %d days: %d rows in %d ms%n",
        what, span.length().toDays(), rows.size(), (System.nanoTime() - begin) / 1_000_000);
    return rows;
  }
}
