package io.ratelimiter.auditor.topology;

import static io.ratelimiter.auditor.topology.TestRows.bill;
import static io.ratelimiter.auditor.topology.TestRows.client;
import static io.ratelimiter.auditor.topology.TestRows.settlement;
import static io.ratelimiter.auditor.topology.TestRows.tenant;
import static io.ratelimiter.auditor.topology.TestRows.total;
import static io.ratelimiter.schemas.audit.Figure.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.AdjustmentEvent.Settled;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which rows have priorities, waits and settlements. */
class AuditedSpendingTests {

  private static final long T = AuditHarness.START_MILLIS;
  private static final long SECONDS = T / 1000;
  private static final long DAY = SECONDS / 86_400 * 86_400;
  private static final List<Dimensions> MINUTES =
      List.of(
          client(SECONDS, 0, "c", "global", "default"),
          total(SECONDS, 0, "default"),
          tenant(SECONDS, 0, "default"));

  private AuditHarness audit = new AuditHarness();

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void decisionsOfHighAndLowPriorityAreAlsoCountedApart() {
    audit.decide(TestDecision.allowed("c", T * 1000).with("high", 0), 1, T);
    audit.decide(TestDecision.blocked("c", T * 1000).with("low", 0), 2, T);
    audit.decide(TestDecision.blocked("c", T * 1000).with("low", 0), 3, T);
    audit.decide(TestDecision.allowed("c", T * 1000).failedClosed().with("low", 0), 4, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 5, T);
    audit.readPublished();

    for (Dimensions row : MINUTES) {
      Figures figures = audit.figures(row);
      assertThat(figures.get(HIGH_ALLOWED_COUNT)).isEqualTo(1);
      assertThat(figures.get(HIGH_BLOCKED_COUNT)).isZero();
      assertThat(figures.get(LOW_ALLOWED_COUNT)).isZero();
      assertThat(figures.get(LOW_BLOCKED_COUNT)).isEqualTo(2);
      assertThat(figures.get(ALLOWED_COUNT)).isEqualTo(2);
      assertThat(figures.get(ERROR_COUNT)).isEqualTo(1);
    }
  }

  @Test
  void waitsAreCountedAndAddedUp() {
    audit.decide(TestDecision.allowed("c", T * 1000).with("normal", 1_500_000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000).with("normal", 500_001), 2, T);
    audit.decide(TestDecision.allowed("c", T * 1000).with("normal", 0), 3, T);
    audit.readPublished();

    for (Dimensions row : MINUTES) {
      assertThat(audit.figures(row).get(WAITED_COUNT)).isEqualTo(2);
      assertThat(audit.figures(row).get(WAIT_SUM_US)).isEqualTo(2_000_001);
    }
  }

  @Test
  void settlementsAreInTheRowsOfTheClientTheRuleTheTenantAndTheBillAndInTheSeries() {
    audit.decide(TestDecision.allowed("c", T * 1000).withCost(100), 1, T);
    audit.adjust(settled(37, new Settled("d1", 100, 0), 2), T);
    audit.adjust(settled(180, new Settled("d2", 100, 30), 3), T);
    audit.adjust(settled(100, new Settled("d3", 100, 0), 4), T);
    audit.adjust(settled(37, new Settled("d1", 100, 0), 2), T);
    audit.readPublished();

    Map<Figure, Long> expected =
        Map.of(
            SETTLED_COUNT, 3L,
            COST_SETTLED_BACK, 63L,
            COST_SETTLED_MORE, 50L,
            COST_UNCHARGED, 30L);
    for (Dimensions row : MINUTES) {
      expected.forEach((figure, value) ->
          assertThat(audit.figures(row).get(figure)).as("%s of %s", figure, row).isEqualTo(value));
      assertThat(audit.figures(row).get(RESET_COUNT)).isZero();
      assertThat(audit.rows().get(row).revision()).as("each changes the row").isEqualTo(4);
    }
    assertThat(audit.figures(bill(DAY, "default", "(all)")))
        .isEqualTo(
            Figures.of(
                Map.of(
                    ALLOWED_COUNT, 1L,
                    COST_ALLOWED, 100L,
                    SETTLED_COUNT, 3L,
                    COST_SETTLED_BACK, 63L,
                    COST_SETTLED_MORE, 50L,
                    COST_UNCHARGED, 30L)));
    assertThat(audit.series().get("one/a").received()).isEqualTo(4);
    assertThat(audit.series().get("one/a").duplicate()).isEqualTo(1);
  }

  @Test
  void billsByClientFollowSettlementsAlsoWithBlockedDetail() {
    audit.close();
    audit = new AuditHarness(TestTerms.of(ClientDetail.BLOCKED, Bills.CLIENT));
    audit.decide(TestDecision.allowed("c", T * 1000).withCost(5).with("high", 70), 1, T);
    audit.adjust(settled(9, new Settled("d1", 5, 0), 2), T);
    audit.readPublished();

    assertThat(audit.figures(bill(DAY, "default", "c")))
        .isEqualTo(
            Figures.of(
                Map.of(
                    ALLOWED_COUNT,
                    1L,
                    COST_ALLOWED,
                    5L,
                    SETTLED_COUNT,
                    1L,
                    COST_SETTLED_MORE,
                    4L)));
    assertThat(audit.figures("c", T).get(COST_SETTLED_MORE)).isEqualTo(4);
    assertThat(audit.figures("c", T).get(ALLOWED_COUNT)).isEqualTo(Figures.NONE);
  }

  private static AdjustmentEvent settled(long cost, Settled settled, long seq) {
    return settlement(
        "default", "c", cost, settled, new SeriesPosition("one", "a", 0, seq), T * 1000);
  }
}
