package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.AnalystRows.client;
import static io.ratelimiter.auditor.store.tables.AnalystRows.instance;
import static io.ratelimiter.auditor.store.tables.AnalystRows.total;
import static io.ratelimiter.auditor.store.tables.TablesFixture.DAY;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What holds for every view: its plan, its comments and its grants. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryViewIT {

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
          Map.entry("priority_block_rate_by_hour", "hour"),
          Map.entry("instance_by_hour", "hour"),
          Map.entry("degraded_by_reason_and_instance", "hour"),
          Map.entry("rule_revisions", "day"),
          Map.entry("client_costs", "day"));

  private Sql sql;

  @BeforeAll
  void fill(PostgresServer postgres) throws SQLException {
    TablesFixture tables = new TablesFixture(postgres);
    sql = tables.sql();
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
  }

  @Test
  void aViewOfOneDayReadsNoOtherDay() {
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
