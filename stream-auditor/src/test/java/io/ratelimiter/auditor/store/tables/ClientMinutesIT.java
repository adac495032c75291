package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.TablesFixture.DAY;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.Sql;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The function {@code audit.client_minutes}: its figures, its span, and what it reads. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientMinutesIT {

  private static final String QUERY =
      """
      SELECT extract(epoch FROM window_start)::bigint, allowed_count
      FROM audit.client_minutes('default', '%s', '%s', '%s') ORDER BY window_start
      """;

  private Sql sql;

  @BeforeAll
  void fill(PostgresServer postgres) throws SQLException {
    TablesFixture tables = new TablesFixture(postgres);
    sql = tables.sql();
    for (int day = 0; day < 5; day++) {
      for (int minute = 0; minute < 60; minute++) {
        long start = MINUTE - day * DAY + minute * 60;
        tables.write(
            TablesFixture.row("one", start, 1, 1, minute),
            TablesFixture.row("two", start, 1, 1, 1_000));
      }
    }
    sql.execute("ANALYZE audit.rate_limit_metrics");
  }

  @Test
  void theSpanBeginsWithTheWholeMinuteAndEndsBeforeItsEnd() {
    String query = QUERY.formatted("one", NOON.plusSeconds(100), NOON.plusSeconds(240));
    assertThat(sql.rows(query))
        .containsExactly(MINUTE + 60 + "|1", MINUTE + 120 + "|2", MINUTE + 180 + "|3");
    assertThat(sql.rows(QUERY.formatted("absent-client", NOON, NOON.plusSeconds(240)))).isEmpty();
  }

  @Test
  void partitionsOutsideTheSpanAreNotRead() {
    String query = QUERY.formatted("one", NOON.minusSeconds(DAY), NOON.minusSeconds(DAY - 600));
    List<String> scans =
        sql.rows("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) " + query).stream()
            .filter(line -> line.contains("rate_limit_metrics_2"))
            .filter(line -> line.contains("Scan"))
            .toList();
    assertThat(scans).hasSizeGreaterThan(3);
    assertThat(scans)
        .filteredOn(line -> !line.contains("never executed"))
        .isNotEmpty()
        .allMatch(line -> line.contains("rate_limit_metrics_20260319"));
  }
}
