package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.AnalystRows.bill;
import static io.ratelimiter.auditor.store.tables.AnalystRows.registers;
import static io.ratelimiter.auditor.store.tables.TablesFixture.DAY;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.NOON;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static io.ratelimiter.auditor.store.tables.TablesFixture.total;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.audit.Figure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Creation, form and deletion of day partitions. */
class DayPartitionsIT extends NewTables {

  @Test
  void expiredDaysAreDroppedAndTheirRowsAreNotWrittenAgain() throws SQLException {
    tables.write(row("old", MINUTE - 14 * DAY, 1, 1, 1), total(MINUTE - 14 * DAY, 1, 1, 1, 0));
    tables.write(row("new", MINUTE, 1, 1, 1), total(MINUTE, 1, 1, 1, 0));

    tables.openAt(NOON.plusSeconds(DAY));
    tables.write(row("old", MINUTE - 14 * DAY, 2, 1, 2));

    assertThat(sql.rows("SELECT client_id FROM audit.rate_limit_metrics")).containsExactly("new");
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_totals")).isEqualTo("2");
    assertThat(sql.one("SELECT to_regclass('audit.rate_limit_metrics_20260324') IS NOT NULL"))
        .as("created in advance")
        .isEqualTo("t");
  }

  @Test
  void anAnalystsQueryOnAnOldDayBlocksNeitherNewDaysNorRows() throws SQLException {
    tables.write(row("old", MINUTE - 14 * DAY, 1, 1, 1));
    try (Connection analyst = tables.database().getConnection();
        Statement reading = analyst.createStatement()) {
      analyst.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM audit.rate_limit_metrics");

      tables.openAt(NOON.plusSeconds(DAY));
      tables.write(row("new", MINUTE + 3 * DAY, 1, 1, 1), row("newer", MINUTE + 9 * DAY, 1, 1, 1));

      assertThat(sql.rows("SELECT client_id FROM audit.rate_limit_metrics ORDER BY 1"))
          .containsExactly("new", "newer", "old");
    }
    tables.openAt(NOON.plusSeconds(DAY));
    assertThat(sql.rows("SELECT client_id FROM audit.rate_limit_metrics ORDER BY 1"))
        .containsExactly("new", "newer");
  }

  @Test
  void aDayHasTheIndexesAndComputedColumnsOfItsTable() throws SQLException {
    tables.write(row("c", MINUTE, 1, 1, 3));

    assertThat(
            sql.one(
                """
                SELECT count(*) FROM pg_inherits JOIN pg_index ON inhrelid = indexrelid
                WHERE indrelid = 'audit.rate_limit_metrics_20260320'::regclass
                """))
        .as("the primary key and the index of blocks, as parts of the table's")
        .isEqualTo("2");
    assertThat(
            sql.one(
                """
                SELECT count(*) FROM pg_index
                WHERE indrelid = 'audit.rate_limit_metrics_20260320'::regclass
                """))
        .isEqualTo("2");
    assertThat(sql.rowsAs("analyst", "SELECT block_rate FROM audit.rate_limit_metrics_20260320"))
        .containsExactly("0");
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
}
