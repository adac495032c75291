package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.AnalystRows.instance;
import static io.ratelimiter.auditor.store.tables.AnalystRows.total;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The views of rates by tenant, of reasons, of limiters and of revisions. */
class RateViewsIT extends NewTables {

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
}
