package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.AnalystRows.client;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Priorities and waits in the views. */
class PriorityViewsIT extends NewTables {

  private static final Map<Figure, Long> FIGURES =
      Map.of(
          Figure.ALLOWED_COUNT, 10L,
          Figure.BLOCKED_COUNT, 7L,
          Figure.HIGH_ALLOWED_COUNT, 4L,
          Figure.LOW_ALLOWED_COUNT, 2L,
          Figure.LOW_BLOCKED_COUNT, 6L,
          Figure.WAITED_COUNT, 3L,
          Figure.WAIT_SUM_US, 4_500_000L);

  @Test
  void theBlockRateOfEachPriorityOfARule() throws SQLException {
    Dimensions rule =
        new Dimensions(
            Kind.TOTAL, MINUTE, 0, 1, List.of("", "default", "*", "rule", "token_bucket"));
    Dimensions plain =
        new Dimensions(
            Kind.TOTAL, MINUTE, 0, 1, List.of("", "default", "*", "plain", "token_bucket"));
    tables.write(
        row(rule, FIGURES, 0, 1, 1),
        row(rule, FIGURES, 1, 1, 1),
        row(plain, Map.of(Figure.ALLOWED_COUNT, 1L), 0, 1, 1));

    assertThat(
            sql.rows(
                """
                SELECT rule, priority, allowed_count, blocked_count, block_rate
                FROM audit.priority_block_rate_by_hour ORDER BY rule, priority
                """))
        .containsExactly(
            "plain|normal|1|0|0", "rule|high|8|0|0", "rule|low|4|12|0.75", "rule|normal|8|2|0.2");
  }

  @Test
  void waitsAreInTheViewsByRuleByTenantAndByClient() throws SQLException {
    tables.write(
        row(client("c", MINUTE, 0), FIGURES, 0, 1, 1),
        row(client("c", MINUTE, 1), FIGURES, 0, 1, 1),
        row(
            new Dimensions(
                Kind.TOTAL, MINUTE, 0, 1, List.of("", "default", "*", "rule", "token_bucket")),
            FIGURES,
            0,
            1,
            1),
        row(Dimensions.of(Kind.TENANT_TOTAL, MINUTE, 0, "", "default"), FIGURES, 0, 1, 1));

    for (String view :
        List.of(
            "block_rate_by_minute",
            "block_rate_by_hour",
            "block_rate_by_day",
            "tenant_block_rate_by_minute",
            "tenant_block_rate_by_hour",
            "tenant_block_rate_by_day")) {
      assertThat(sql.one("SELECT waited_count, wait_sum_us FROM audit." + view))
          .as(view)
          .isEqualTo("3|4500000");
    }
    assertThat(
            sql.one(
                """
                SELECT waited_count, wait_sum_us, high_allowed_count, low_blocked_count
                FROM audit.client_block_rate_by_minute
                """))
        .isEqualTo("6|9000000|8|12");
  }

  @Test
  void whatIsCountedOfAllowedDecisionsIsNullWhereTheseAreNotCounted() throws SQLException {
    Map<Figure, Long> blockedOnly = new EnumMap<>(Figure.class);
    blockedOnly.put(Figure.ALLOWED_COUNT, Figures.NONE);
    blockedOnly.put(Figure.COST_ALLOWED, Figures.NONE);
    blockedOnly.put(Figure.BLOCKED_COUNT, 2L);
    blockedOnly.put(Figure.LOW_BLOCKED_COUNT, 1L);
    tables.write(row(client("c", MINUTE, 0), blockedOnly, 0, 1, 1));

    assertThat(
            sql.one(
                """
                SELECT high_allowed_count, low_allowed_count, waited_count, wait_sum_us,
                  low_blocked_count, high_blocked_count, settled_count
                FROM audit.client_block_rate_by_minute
                """))
        .isEqualTo("null|null|null|null|1|0|0");
  }
}
