package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.AnalystRows.bill;
import static io.ratelimiter.auditor.store.tables.AnalystRows.client;
import static io.ratelimiter.auditor.store.tables.TablesFixture.DAY;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The views of costs by client and of bills by month. */
class CostViewsIT extends NewTables {

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

  @Test
  void costsAndBillsFollowSettlements() throws SQLException {
    Map<Figure, Long> figures =
        Map.of(
            Figure.ALLOWED_COUNT, 2L,
            Figure.COST_ALLOWED, 200L,
            Figure.COST_REFUNDED, 4L,
            Figure.SETTLED_COUNT, 2L,
            Figure.COST_SETTLED_BACK, 63L,
            Figure.COST_SETTLED_MORE, 50L,
            Figure.COST_UNCHARGED, 30L);
    tables.write(
        row(client("c", MINUTE, 0), figures, 0, 1, 1),
        row(bill(MINUTE / DAY * DAY), figures, 0, 1, 1));

    assertThat(
            sql.one(
                """
                SELECT cost_allowed, net_cost, settled_count, cost_settled_back, cost_settled_more,
                  cost_uncharged
                FROM audit.client_costs
                """))
        .isEqualTo("200|183|2|63|50|30");
    assertThat(
            sql.one(
                """
                SELECT cost_allowed, net_cost, settled_count, cost_settled_back, cost_settled_more,
                  cost_uncharged
                FROM audit.bills_by_month
                """))
        .isEqualTo("200|183|2|63|50|30");
    assertThat(
            sql.one(
                """
                SELECT settled_count, cost_settled_back, cost_settled_more, cost_uncharged
                FROM audit.client_minutes('default', 'c', '2026-03-20Z', '2026-03-21Z')
                """))
        .isEqualTo("2|63|50|30");
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
}
