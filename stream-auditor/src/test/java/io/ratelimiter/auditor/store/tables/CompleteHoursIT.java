package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.NOON;
import static io.ratelimiter.auditor.store.tables.TablesFixture.total;
import static io.ratelimiter.auditor.store.tables.TablesFixture.watermark;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.SeriesReport.Span;
import io.ratelimiter.schemas.audit.SeriesReport.Times;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether an hour is complete, and for how long series are kept. */
class CompleteHoursIT extends NewTables {

  private static final long HOUR = 3_600;
  private static final long MICROS = 1_000_000;
  private static final Times NONE = new Times(List.of(), List.of(), at(0), at(1));

  @BeforeEach
  void closeTwoHours() throws SQLException {
    tables.write(total(MINUTE, 1, 1, 5, 0), total(MINUTE + 2 * HOUR, 1, 1, 5, 0));
    closeBefore(MINUTE + 2 * HOUR);
  }

  /** Microseconds since 1970 of so many hours after noon. */
  private static long at(double hours) {
    return (long) ((MINUTE + hours * HOUR) * MICROS);
  }

  private void closeBefore(long closed) throws SQLException {
    tables.write(watermark(1, closed, closed, 0));
    tables.write(
        new Watermark(Topics.DECISIONS, 1, 1, closed, 2, closed * 1000, closed, 0, closed));
  }

  private void write(String epoch, Boolean unknownTail, Times times) throws SQLException {
    write(epoch, 1, unknownTail, MINUTE * 1000, times);
  }

  private void write(
      String epoch, int generation, Boolean unknownTail, long lastRecordMillis, Times times)
      throws SQLException {
    tables.write(
        new SeriesReport(
            Topics.DECISIONS,
            "one",
            epoch,
            0,
            generation,
            1,
            9,
            9,
            0,
            0,
            9,
            0,
            7,
            2,
            0,
            0,
            unknownTail != null,
            unknownTail,
            lastRecordMillis,
            times));
  }

  @Test
  void anHourWithoutALossIsCompleteOnceItIsFinal() throws SQLException {
    write("a", false, NONE);

    assertThat(hours("hour AT TIME ZONE 'UTC', final, missing_at_most, unknown_tails, complete"))
        .containsExactly(
            "2026-03-20 12:00:00|t|0|0|t",
            "2026-03-20 13:00:00|t|0|0|t",
            "2026-03-20 14:00:00|f|0|0|f");
  }

  @Test
  void aNumberCountsInEachHourThatItMayBeOf() throws SQLException {
    write(
        "a",
        false,
        new Times(
            List.of(new Span(3, at(0.9), at(1.1)), new Span(4, at(1.2), at(1.3))),
            List.of(new Span(5, at(0.5), at(0.5))),
            at(0),
            at(1)));

    assertThat(hours("missing_at_most, counted_later, complete"))
        .containsExactly("3|5|f", "7|0|f", "0|0|f");
  }

  @Test
  void anUnknownTailCountsFromTheLastMarkToTheEnd() throws SQLException {
    write("killed", true, new Times(List.of(), List.of(), at(0.5), at(1.5)));
    assertThat(hours("unknown_tails, complete")).containsExactly("1|f", "1|f", "0|f");

    write("open", null, new Times(List.of(), List.of(), at(1.2), null));
    assertThat(hours("unknown_tails, complete")).containsExactly("1|f", "2|f", "1|f");
  }

  @Test
  void aRowWithoutTimesMayMissNumbersInAnyHourBefore() throws SQLException {
    write("a", 1, false, (MINUTE + HOUR + 5) * 1000, null);

    assertThat(hours("missing_at_most, complete")).containsExactly("2|f", "2|f", "0|f");
  }

  @Test
  void theHoursBeforeTheFirstWholeOneOfTheTopicAreUnknown() throws SQLException {
    tables.write(watermark(1, Long.MAX_VALUE / 2, MINUTE + 2 * HOUR, MINUTE + 60));

    assertThat(hours("missing_at_most, complete")).containsExactly("null|f", "0|t", "0|f");
  }

  @Test
  void aHigherGenerationReplacesTheSeriesItHasCounted() throws SQLException {
    Times lost = new Times(List.of(new Span(3, at(0.1), at(0.2))), List.of(), at(0), at(0));
    write("a", false, lost);
    write("b", false, lost);
    write("b", 2, false, MINUTE * 1000, NONE);

    assertThat(hours("missing_at_most")).containsExactly("6", "0", "0");
    serve(2);
    assertThat(hours("missing_at_most")).containsExactly("3", "0", "0");
    assertThat(sql.one("SELECT epochs, received FROM audit.audit_completeness")).isEqualTo("2|14");
  }

  @Test
  void aKilledLimiterIsKnownMinutesAfterItsLastRecord() throws SQLException {
    write("open", 1, null, MINUTE * 1000, new Times(List.of(), List.of(), at(0), null));
    appendedUntil(MINUTE + 119);
    String unknownTail = "SELECT unknown_tail FROM audit.audit_completeness";
    assertThat(sql.one(unknownTail)).isEqualTo("null");

    appendedUntil(MINUTE + 121);
    assertThat(sql.one(unknownTail)).as("other limiters go on").isEqualTo("t");

    appendedUntil(MINUTE);
    assertThat(sql.one(unknownTail)).as("without an auditor").isEqualTo("null");
    sql.execute("INSERT INTO audit.heartbeat VALUES (true, to_timestamp(" + (MINUTE + 121) + "))");
    assertThat(sql.one(unknownTail)).as("no limiter goes on, but the auditor").isEqualTo("t");

    write("stopped", false, NONE);
    assertThat(sql.one("SELECT silent FROM audit.served_series WHERE epoch = 'stopped'"))
        .as("stopped in order")
        .isEqualTo("f");
  }

  @Test
  void closedSeriesGoWithTheTotalsOfTheirTime() throws SQLException {
    write("open", 1, null, MINUTE * 1000, new Times(List.of(), List.of(), at(0), null));
    write("closed", 1, false, MINUTE * 1000, NONE);
    write("recent", 1, true, (MINUTE + 86_400) * 1000, NONE);

    tables.openAt(NOON.plus(Duration.ofDays(91)));

    assertThat(sql.rows("SELECT epoch FROM audit.series ORDER BY 1"))
        .containsExactly("open", "recent");
  }

  /** Shows the rows of a generation, as a switch to it does. */
  private void serve(int generation) {
    sql.execute("UPDATE audit.generations SET generation = " + generation);
    sql.execute("UPDATE audit.watermarks SET generation = " + generation);
  }

  private void appendedUntil(long seconds) {
    sql.execute("UPDATE audit.watermarks SET append_high_at = to_timestamp(" + seconds + ")");
  }

  private List<String> hours(String columns) {
    return sql.rows(
        "SELECT "
            + columns
            + " FROM audit.hour_completeness WHERE hour < '2026-03-20 15:00:00Z' ORDER BY hour");
  }
}
