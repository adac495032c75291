package io.ratelimiter.auditor.topology;

import static io.ratelimiter.auditor.topology.TestRows.adjustment;
import static io.ratelimiter.auditor.topology.TestRows.bill;
import static io.ratelimiter.auditor.topology.TestRows.client;
import static io.ratelimiter.auditor.topology.TestRows.instance;
import static io.ratelimiter.auditor.topology.TestRows.tenant;
import static io.ratelimiter.auditor.topology.TestRows.total;
import static io.ratelimiter.schemas.audit.Figure.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.auditor.topology.AuditTerms.Bills;
import io.ratelimiter.auditor.topology.AuditTerms.ClientDetail;
import io.ratelimiter.auditor.topology.state.CountedRow;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.AuditRow;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rows of callers' tenants, limiters, hours and days, and the parts of minutes. */
class AuditRowsTests {

  private static final long T = AuditHarness.START_MILLIS;
  private static final long SECONDS = T / 1000;
  private static final long DAY = SECONDS / 86_400 * 86_400;
  private static final long MINUTE = 60_000;

  private AuditHarness audit = new AuditHarness();

  @AfterEach
  void close() {
    audit.close();
  }

  @Test
  void aTenantsRowHasTheDecisionsOfItsOwnClientsUnderTheRuleOfAnother() {
    audit.decide(TestDecision.allowed("c", T * 1000).of("acme").withCost(3), 1, T);
    audit.decide(TestDecision.blocked("c", T * 1000).of("other"), 2, T);
    audit.readPublished();

    assertThat(audit.figures(tenant(SECONDS, 0, "acme")))
        .isEqualTo(Figures.of(Map.of(ALLOWED_COUNT, 1L, COST_ALLOWED, 3L)));
    assertThat(audit.figures(tenant(SECONDS, 0, "other")).get(BLOCKED_COUNT)).isEqualTo(1);
    assertThat(audit.figures(total(SECONDS, 0, "default")).get(ALLOWED_COUNT)).isEqualTo(1);
  }

  @Test
  void blocksOfTooHighACostAreAlsoCountedApartWithTheTimesOfTheFirstAndLastBlock() {
    audit.decide(TestDecision.blocked("c", (T + 5) * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", (T + 2) * 1000).tooCostly(), 2, T);
    audit.decide(TestDecision.allowed("c", (T + 9) * 1000), 3, T);
    audit.readPublished();

    for (Dimensions row :
        List.of(
            client(SECONDS, 0, "c", "global", "default"),
            total(SECONDS, 0, "default"),
            tenant(SECONDS, 0, "default"))) {
      Figures figures = audit.figures(row);
      assertThat(figures.get(BLOCKED_COUNT)).isEqualTo(2);
      assertThat(figures.get(TOO_COSTLY_COUNT)).isEqualTo(1);
      assertThat(figures.get(FIRST_BLOCKED_US)).isEqualTo((T + 2) * 1000);
      assertThat(figures.get(LAST_BLOCKED_US)).isEqualTo((T + 5) * 1000);
    }
  }

  @Test
  void aLimitersRowsAreApartBySourceAndReasonOfItsDecisions() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000).failedClosed(), 2, T);
    audit.readPublished();

    assertThat(audit.figures(instance(SECONDS, "one", "redis", "(none)")))
        .isEqualTo(Figures.of(Map.of(ALLOWED_COUNT, 1L, COST_ALLOWED, 1L)));
    assertThat(audit.figures(instance(SECONDS, "one", "none", "timeout")))
        .isEqualTo(Figures.of(Map.of(ERROR_COUNT, 1L)));
  }

  @Test
  void refundsAndResetsAreInTheRowsOfTheClientTheRuleTheTenantAndTheBill() {
    audit.decide(TestDecision.allowed("c", T * 1000).withCost(9), 1, T);
    audit.adjust(adjustment("default", "c", 4, position(2), T * 1000), T);
    audit.adjust(adjustment("default", "c", 0, position(3), T * 1000), T);
    audit.readPublished();

    for (Dimensions row :
        List.of(
            client(SECONDS, 0, "c", "global", "default"),
            total(SECONDS, 0, "default"),
            tenant(SECONDS, 0, "default"))) {
      assertThat(audit.figures(row).get(REFUND_COUNT)).isEqualTo(1);
      assertThat(audit.figures(row).get(COST_REFUNDED)).isEqualTo(4);
      assertThat(audit.figures(row).get(RESET_COUNT)).isEqualTo(1);
      assertThat(audit.rows().get(row).revision()).isEqualTo(3);
    }
    assertThat(audit.figures(bill(DAY, "default", "(all)")))
        .isEqualTo(
            Figures.of(
                Map.of(ALLOWED_COUNT, 1L, COST_ALLOWED, 9L, REFUND_COUNT, 1L, COST_REFUNDED, 4L)));
    assertThat(audit.counts.decisions).isEqualTo(1);
  }

  @Test
  void aRefundOfAClientWithoutABlockHasARowAlsoWithBlockedDetail() {
    restart(TestTerms.of(ClientDetail.BLOCKED, Bills.OFF));
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.adjust(adjustment("default", "c", 4, position(2), T * 1000), T);
    audit.readPublished();

    assertThat(audit.figures("c", T).get(COST_REFUNDED)).isEqualTo(4);
    assertThat(audit.figures("c", T).get(ALLOWED_COUNT)).isEqualTo(Figures.NONE);
    assertThat(audit.rows().keySet()).noneMatch(row -> row.kind() == Kind.BILL);
  }

  @Test
  void billsByClientAreSumsOfItsDay() {
    restart(TestTerms.of(ClientDetail.BLOCKED, Bills.CLIENT));
    audit.decide(TestDecision.allowed("c", T * 1000).withCost(2), 1, T);
    audit.decide(TestDecision.allowed("c", (T + 3 * MINUTE) * 1000).withCost(5), 2, T);
    audit.decide(TestDecision.blocked("c", T * 1000), 3, T);
    audit.readPublished();

    assertThat(audit.figures(bill(DAY, "default", "c")))
        .isEqualTo(Figures.of(Map.of(ALLOWED_COUNT, 2L, COST_ALLOWED, 7L)));
  }

  @Test
  void aRowOfUniqueClientsIsPublishedOnlyWhenARegisterRises() {
    Dimensions hour = Dimensions.of(Kind.UNIQUE_CLIENTS, SECONDS, 0, "default");
    for (int i = 0; i < 100; i++) {
      audit.decide(TestDecision.allowed("client-" + i, T * 1000), i + 1, T);
    }
    AuditRow first = audit.readPublished().rows().get(hour);
    assertThat(estimate(first.registers())).isBetween(98.0, 102.0);

    audit.rows().clear();
    audit.decide(TestDecision.allowed("client-7", (T + MINUTE) * 1000), 101, T);
    assertThat(audit.readPublished().rows()).doesNotContainKey(hour);

    audit.decide(TestDecision.allowed("another", (T + MINUTE) * 1000), 102, T);
    AuditRow second = audit.readPublished().rows().get(hour);
    assertThat(second.revision()).isGreaterThan(first.revision());
    assertThat(second.registers()).hasSize(first.registers().size() + 1);
  }

  /** Linear counting, which is exact for few clients. */
  private static double estimate(List<Integer> registers) {
    double zeros = AuditRow.REGISTERS - registers.size();
    return AuditRow.REGISTERS * Math.log(AuditRow.REGISTERS / zeros);
  }

  @Test
  void eventsThatArriveLaterThanTenMinutesAfterTheirMinuteHaveRowsOfTheirOwn() {
    audit.decide(TestDecision.allowed("c", T * 1000), 1, T);
    audit.decide(TestDecision.allowed("c", T * 1000), 2, T + 11 * MINUTE - 1);
    audit.decide(TestDecision.allowed("c", T * 1000), 3, T + 11 * MINUTE);
    audit.readPublished();
    audit.decide(TestDecision.allowed("c", T * 1000), 4, T + 21 * MINUTE - 1);
    audit.decide(TestDecision.allowed("c", T * 1000), 5, T + 21 * MINUTE);
    audit.readPublished();

    for (int part = 0; part < 3; part++) {
      long expected = part < 2 ? 2 : 1;
      for (Dimensions row :
          List.of(
              client(SECONDS, part, "c", "global", "default"),
              total(SECONDS, part, "default"),
              tenant(SECONDS, part, "default"))) {
        assertThat(audit.figures(row).get(ALLOWED_COUNT)).as("%s", row).isEqualTo(expected);
      }
    }
    assertThat(audit.figures(bill(DAY, "default", "(all)")).get(ALLOWED_COUNT)).isEqualTo(5);
  }

  @Test
  void aValueOfAnotherVersionIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> CountedRow.decode(Kind.CLIENT, new byte[] {1, 0}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the state has version 1, this auditor reads version 2: raise AUDIT_GENERATION");
  }

  private static SeriesPosition position(long seq) {
    return new SeriesPosition("one", "a", 0, seq);
  }

  private void restart(AuditTerms terms) {
    audit.close();
    audit = new AuditHarness(terms);
  }
}
