package io.ratelimiter.auditor.topology.state;

import static io.ratelimiter.schemas.audit.Figure.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.completeness.StateVersion;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The encoding of rows, which a later version reads and changes only where it needs more. */
class CountedRowTests {

  /**
   * A client's row as the version without priorities, waits and settlements wrote it: its version,
   * change 1, and 20 figures, each plus 1.
   */
  private static final byte[] EARLIER = {
    2, 1, 2, 1, 1, 1, 1, 1, 1, 4, 1, (byte) 0xfb, 1, (byte) 0xfb, 1, 6, 6, 1, 1, 1, 1, 1, 0, 0
  };

  @Test
  void aRowOfAnEarlierVersionHasNoPrioritiesWaitsOrSettlementsAndKeepsItsEncoding() {
    CountedRow row = CountedRow.decode(Kind.CLIENT, EARLIER);

    assertThat(row.lastChange()).isEqualTo(1);
    assertThat(row.sums().published(Kind.CLIENT, false))
        .isEqualTo(
            Figures.of(
                Map.of(
                    ALLOWED_COUNT, 1L,
                    COST_ALLOWED, 3L,
                    LATENCY_SUM_US, 250L,
                    LATENCY_MAX_US, 250L,
                    FIRST_EVENT_US, 5L,
                    LAST_EVENT_US, 5L)));
    assertThat(row.encode()).isEqualTo(EARLIER);
  }

  @Test
  void plainDecisionsNeedNoFurtherByte() {
    CountedRow row = new CountedRow(Kind.CLIENT);
    row.add(event(TestDecision.allowed("c", 5).withCost(3)), false);
    row.lastChange(1);

    assertThat(row.encode()).isEqualTo(EARLIER);
  }

  @Test
  void aRowWithAPriorityIsReadAgainInEveryKind() {
    for (Kind kind : Kind.values()) {
      CountedRow row = new CountedRow(kind);
      row.add(event(TestDecision.allowed("c", 5).with("low", 1_500_000)), false);

      Figures figures = row.sums().published(kind, false);
      assertThat(CountedRow.decode(kind, row.encode()).sums().published(kind, false))
          .isEqualTo(figures);
      assertThat(StateVersion.hasSpending(row.encode()))
          .as("%s", kind)
          .isEqualTo(kind.figures().contains(LOW_ALLOWED_COUNT));
    }
  }

  @Test
  void anEarlierVersionRefusesARowWithAPriority() {
    CountedRow row = new CountedRow(Kind.TOTAL);
    row.add(event(TestDecision.allowed("c", 5).with("high", 0)), false);

    assertThatThrownBy(() -> StateVersion.read(row.encode()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the state has version 3, this auditor reads version 2: raise AUDIT_GENERATION");
  }

  private static DecisionEvent event(TestDecision decision) {
    return decision.at(new SeriesPosition("one", "a", 0, 1));
  }
}
