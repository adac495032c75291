package io.ratelimiter.auditor.store.tables;

import static io.ratelimiter.auditor.store.tables.TablesFixture.DAY;
import static io.ratelimiter.auditor.store.tables.TablesFixture.MINUTE;
import static io.ratelimiter.auditor.store.tables.TablesFixture.row;
import static io.ratelimiter.auditor.store.tables.TablesFixture.total;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Kind;
import io.ratelimiter.schemas.audit.Tombstone;
import io.ratelimiter.schemas.audit.Watermark;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows of two generations side by side, the switch between them, and the deletion afterwards. */
class GenerationsIT extends NewTables {

  private static final String SERVED =
      "SELECT generation, sum(allowed_count) FROM audit.served_totals GROUP BY 1 ORDER BY 1";

  @Test
  void theFirstGenerationServesAtOnceAndAHigherOneDoesNot() throws SQLException {
    assertThat(switchTo(2)).as("without a row").isFalse();
    tables.write(total(MINUTE, 1, 2, 5, 0));
    tables.write(total(MINUTE, 1, 3, 50, 0), total(MINUTE, 1, 3, 50, 1));

    assertThat(sql.one(SERVED)).isEqualTo("2|5");
    assertThat(generations(2).serving()).isEqualTo(2);
  }

  @Test
  void aHigherGenerationServesAllPartitionsOnceItHasCaughtUpOnTheLast() throws SQLException {
    count(1, 10, 5, 0);
    count(1, 10, 7, 1);
    count(2, 10, 6, 0);
    assertThat(switchTo(2)).as("no watermark on partition 1").isFalse();
    count(2, 9, 8, 1);
    assertThat(switchTo(2)).as("an offset behind on partition 1").isFalse();
    assertThat(sql.one(SERVED)).isEqualTo("1|12");

    count(2, 10, 8, 1);
    assertThat(switchTo(2)).isTrue();

    assertThat(sql.one(SERVED)).isEqualTo("2|14");
    assertThat(sql.rows("SELECT partition, counted_until FROM audit.partition_freshness"))
        .hasSize(2);
  }

  @Test
  void rowsThatTheWatermarkDoesNotCoverYetPreventASwitch() throws SQLException {
    count(1, 10, 5, 0);
    count(2, 10, 5, 0);
    tables.writeAhead(total(MINUTE, 12, 1, 9, 0));
    assertThat(switchTo(2)).isFalse();

    tables.write(watermark(1, 9, MINUTE, 0, 9));
    assertThat(switchTo(2)).as("a watermark that is delivered again").isFalse();
    tables.write(watermark(1, 12, MINUTE, 0, 12));
    assertThat(switchTo(2)).as("the watermark is higher").isFalse();
    tables.write(watermark(2, 12, MINUTE, 0, 12));
    assertThat(switchTo(2)).isTrue();
  }

  @Test
  void aLaterAppendTimeIsAheadWhateverTheOffset() throws SQLException {
    count(1, 1_000, 5, 0);
    tables.write(total(MINUTE, 1, 2, 5, 0));
    tables.write(watermark(2, 1, MINUTE + 60, 0, 3));

    assertThat(switchTo(2)).as("of a topic that was created again").isTrue();
  }

  @Test
  void spansThatBeganBeforeTheFirstWholeMinuteKeepTheOldRows() throws SQLException {
    long whole = MINUTE - DAY;
    for (int generation = 1; generation <= 2; generation++) {
      tables.write(total(whole - 60, 1, generation, generation, 0));
      tables.write(total(whole, 1, generation, 10 * generation, 0));
      tables.write(bill(whole - whole % DAY, generation), bill(MINUTE - MINUTE % DAY, generation));
    }
    tables.write(watermark(1, 1, MINUTE, 0, 5));
    tables.write(watermark(2, 1, MINUTE - MINUTE % DAY - 60, whole, 5));
    assertThat(switchTo(2)).as("the day of the first whole minute may still change").isFalse();
    tables.write(watermark(2, 2, MINUTE, whole, 5));
    assertThat(switchTo(2)).isTrue();

    assertThat(sql.rows(SERVED)).containsExactly("1|1", "2|20");
    assertThat(sql.rows("SELECT generation FROM audit.served_bills ORDER BY day"))
        .containsExactly("1", "2");
  }

  @Test
  void rowsOfAReplacedGenerationAreNotWritten() throws SQLException {
    count(1, 10, 5, 0);
    count(2, 10, 5, 0);
    switchTo(2);

    tables.write(total(MINUTE + 60, 1, 1, 7, 0), row("late", MINUTE, 1, 1, 7));
    tables.write(watermark(1, 9, MINUTE + 600, 0, 99));

    assertThat(sql.one("SELECT sum(allowed_count) FROM audit.rate_limit_totals")).isEqualTo("10");
    assertThat(sql.one("SELECT count(*) FROM audit.rate_limit_metrics")).isEqualTo("0");
    assertThat(sql.one("SELECT max(next_offset) FROM audit.watermarks")).isEqualTo("10");
    assertThat(tables.replaced).as("tombstones").hasSize(3);
  }

  @Test
  void unservedRowsAreDeletedWithTombstonesAndAFailureRepeatsTheStep() throws SQLException {
    long recent = System.currentTimeMillis() / 60_000 * 60 - 600;
    tables.write(
        row("old", MINUTE, 1, 1, 1), total(recent, 1, 1, 1, 0), bill(0 + recent - recent % DAY, 1));
    count(1, 10, 5, 0);
    tables.write(total(MINUTE, 1, 2, 99, 0));
    tables.write(watermark(2, 1, MINUTE - 600, 0, 1));
    tables.write(total(recent, 1, 3, 2, 0));
    count(3, 10, 6, 0);
    generations(3).switchIfCaughtUp();
    sql.execute(
        "INSERT INTO audit.series SELECT 'one', 'a', 0, g, 1, g, 0, 0, 0, 0, 0, g, 0, 0, 0, true, false, now() FROM generate_series(1, 3) g");
    sql.execute(
        "INSERT INTO audit.series SELECT 'gone', 'a', 0, 1, 1, 7, 0, 0, 0, 0, 0, 7, 0, 0, 0, true, false, now()");

    UnservedRows failing =
        new UnservedRows(
            tables.database(),
            deleted -> {
              if (!deleted.isEmpty()) {
                throw new IllegalStateException("a fault of the test");
              }
            });
    assertThatThrownBy(() -> deleteAll(failing)).hasMessage("a fault of the test");
    List<String> tombstones = new ArrayList<>();
    deleteAll(
        new UnservedRows(
            tables.database(), deleted -> deleted.forEach(one -> tombstones.add(text(one)))));

    assertThat(sql.rows(SERVED)).containsExactly("3|8");
    for (String table :
        List.of("rate_limit_totals", "rate_limit_metrics", "bills", "watermarks", "generations")) {
      assertThat(sql.one("SELECT count(*) FROM audit." + table + " WHERE generation < 3"))
          .as(table)
          .isEqualTo("0");
    }
    assertThat(sql.rows("SELECT instance, generation FROM audit.series ORDER BY 1"))
        .containsExactly("gone|1", "one|3");
    assertThat(tombstones)
        .containsExactlyInAnyOrder(
            "%s 0 [\"total\",\"%s\",0,1,%d,0,1,\"\",\"default\",\"*\",\"default\",\"token_bucket\"]"
                .formatted(Topics.BLOCK_RATES, Topics.DECISIONS, recent),
            "%s 0 [\"bill\",\"%s\",0,1,%d,0,0,\"\",\"default\",\"(all)\"]"
                .formatted(Topics.BLOCK_RATES, Topics.DECISIONS, recent - recent % DAY),
            watermarkOf(1),
            watermarkOf(2),
            seriesOf(1),
            seriesOf(2));
  }

  @Test
  void seriesAreThoseOfTheGenerationThatServes() throws SQLException {
    count(1, 10, 5, 0);
    sql.execute(
        "INSERT INTO audit.series SELECT 'one', 'a', 0, g, 1, 9, 0, 0, 0, 0, 0, 10 * g, 0, 0, 0, true, false, now() FROM generate_series(1, 2) g");
    assertThat(sql.one("SELECT received FROM audit.audit_completeness")).isEqualTo("10");
    count(2, 10, 5, 0);
    switchTo(2);
    assertThat(sql.one("SELECT received FROM audit.audit_completeness")).isEqualTo("20");
  }

  @Test
  void aLowerGenerationNearlyReplacedIsOneWithAHigherOneTenSecondsBehind() throws SQLException {
    tables.write(watermark(1, 1, MINUTE, 0, 50));
    tables.write(watermark(2, 1, MINUTE - 60, 0, 5));
    assertThat(generations(1).isNearlyReplaced()).isFalse();
    tables.write(watermark(2, 2, MINUTE, 0, 49));
    assertThat(generations(1).isNearlyReplaced()).isTrue();
    assertThat(generations(2).isNearlyReplaced()).isFalse();
  }

  private static void deleteAll(UnservedRows rows) throws SQLException {
    while (rows.deleteSome()) {}
  }

  private static String watermarkOf(int generation) {
    return Topics.BLOCK_RATES
        + " 0 [\"watermark\",\""
        + Topics.DECISIONS
        + "\",0,"
        + generation
        + "]";
  }

  private static String seriesOf(int generation) {
    return "%s 0 [\"%s\",\"one\",\"a\",0,%d]"
        .formatted(Topics.COMPLETENESS, Topics.DECISIONS, generation);
  }

  private static String text(Tombstone one) {
    return one.topic()
        + " "
        + one.partition()
        + " "
        + new String(one.key(), StandardCharsets.UTF_8);
  }

  private GenerationSwitch generations(int own) {
    return new GenerationSwitch(tables.database(), own, List.of(Topics.DECISIONS));
  }

  private boolean switchTo(int generation) throws SQLException {
    return generations(generation).switchIfCaughtUp();
  }

  /** Writes a total and the watermark that covers it. */
  private void count(int generation, long nextOffset, long allowed, int partition)
      throws SQLException {
    tables.write(total(MINUTE, nextOffset, generation, allowed, partition));
    tables.write(watermark(generation, nextOffset, MINUTE, 0, nextOffset, partition));
  }

  private static AuditRow bill(long day, int generation) {
    return row(
        Dimensions.of(Kind.BILL, day, 0, "", "default", "(all)"),
        Map.of(Figure.ALLOWED_COUNT, 1L),
        0,
        generation,
        1);
  }

  private static Watermark watermark(
      int generation, long revision, long closedBefore, long wholeFrom, long nextOffset) {
    return watermark(generation, revision, closedBefore, wholeFrom, nextOffset, 0);
  }

  private static Watermark watermark(
      int generation,
      long revision,
      long closedBefore,
      long wholeFrom,
      long nextOffset,
      int partition) {
    return new Watermark(
        Topics.DECISIONS,
        partition,
        generation,
        revision,
        2,
        closedBefore * 1000,
        closedBefore,
        wholeFrom,
        nextOffset);
  }
}
