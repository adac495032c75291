package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static io.ratelimiter.auditor.store.tables.TablesFixture.total;
import static io.ratelimiter.auditor.store.tables.TablesFixture.watermark;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rows the tables and the views show after writes. */
class TablesIT extends NewTables {

  @Test
  void aRowOverwritesOnlyAnOlderOne() throws SQLException {
    tables.write(row("c", MINUTE, 3, 1, 5));
    tables.write(row("c", MINUTE, 2, 1, 4));
    tables.write(row("c", MINUTE, 3, 1, 99));
    assertThat(tables.allowed("client_id = 'c'")).isEqualTo("5");

    tables.write(row("c", MINUTE, 4, 1, 6));
    assertThat(tables.allowed("client_id = 'c'")).isEqualTo("6");
    tables.write(row("c", MINUTE, 1, 2, 1));
    assertThat(tables.allowed("client_id = 'c' AND generation = 1")).isEqualTo("6");
    assertThat(tables.allowed("client_id = 'c' AND generation = 2")).isEqualTo("1");
    assertThat(sql.one("SELECT allowed_count FROM audit.served_metrics"))
        .as("only the first generation serves")
        .isEqualTo("6");
  }

  @Test
  void theBlockRateIsNullWithoutDecisions() throws SQLException {
    tables.write(row("c", MINUTE, 1, 1, 3));
    tables.write(row("idle", MINUTE, 1, 1, 0));

    assertThat(
            sql.rows(
                """
                SELECT client_id, block_rate FROM audit.rate_limit_metrics ORDER BY client_id
                """))
        .containsExactly("c|0", "idle|null");
  }

  @Test
  void aMinuteIsFinalOnceEveryPartitionHasClosedIt() throws SQLException {
    tables.write(total(MINUTE, 1, 1, 5, 0));
    tables.write(watermark(1, 1, MINUTE + 60, 0));
    assertThat(sql.one("SELECT final FROM audit.block_rate_by_minute")).isEqualTo("f");

    tables.write(new Watermark(Topics.DECISIONS, 1, 1, 1, 2, MINUTE * 1000, MINUTE + 60, 0, 1));

    assertThat(sql.one("SELECT final FROM audit.block_rate_by_minute")).isEqualTo("t");
    assertThat(sql.one("SELECT final FROM audit.block_rate_by_hour")).isEqualTo("f");
  }

  @Test
  void viewsAddUpOverPartitionsAndQuantilesOverRows() throws SQLException {
    tables.write(
        total(MINUTE, 1, 1, 5, 0), total(MINUTE, 1, 1, 7, 1), total(MINUTE + 60, 1, 1, 1, 1));

    assertThat(
            sql.rows("SELECT allowed_count FROM audit.block_rate_by_minute ORDER BY window_start"))
        .containsExactly("12", "1");
    assertThat(
            sql.one("SELECT hour AT TIME ZONE 'UTC', allowed_count FROM audit.block_rate_by_hour"))
        .isEqualTo("2026-03-20 12:00:00|13");
    assertThat(sql.one("SELECT day AT TIME ZONE 'UTC', allowed_count FROM audit.block_rate_by_day"))
        .isEqualTo("2026-03-20 00:00:00|13");
    assertThat(
            sql.one(
                """
                SELECT round(audit.latency_us(0.5, to_timestamp(0), now() + interval '99 years'))
                """))
        .isEqualTo(String.valueOf(Math.round(Math.pow(1.02 / 0.98, 100) * 1.02)));
  }

  @Test
  void aSeriesWithTheMaxNumbersDoesNotOverflowTheCompletenessOfOthers() {
    sql.execute(
        """
        INSERT INTO audit.series
        SELECT instance, epoch, 0, 1, 1, n, n, n, n, n, n, n, n, n, n, false, null, now()
        FROM (VALUES ('forged', 'a', 9223372036854775807), ('forged', 'b', 9223372036854775807),
                     ('ours', 'a', 7)) AS v (instance, epoch, n)
        """);

    assertThat(sql.rows("SELECT instance, issued, lost FROM audit.audit_completeness ORDER BY 1"))
        .containsExactly("forged|9223372036854775807|9223372036854775807", "ours|7|7");
  }

  @Test
  void anotherTopicHasANumberOfItsOwnAndRowsBesideThoseOfTheFirst() throws SQLException {
    AuditRow old = row("c", MINUTE, 1, 1, 2);
    tables.write(
        old,
        new AuditRow(
            old.dimensions(), old.figures(), null, List.of(), "ratelimiter.decisions.v2", 5, 1, 1));

    assertThat(sql.rows("SELECT topic, name FROM audit.topics ORDER BY topic"))
        .containsExactly("1|ratelimiter.decisions.v1", "2|ratelimiter.decisions.v2");
    assertThat(sql.one("SELECT sum(allowed_count) FROM audit.served_metrics")).isEqualTo("4");
  }
}
