package io.ratelimiter.service.decisions.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.decisions.spool.file.SpooledEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenumbererTests {

  private static final SeriesPosition OLD = new SeriesPosition("node-1", "e1", 1, 2);
  private static final SeriesPosition NEW = new SeriesPosition("node-1", "e2", 3, 4, "eu");
  private static final Counter COUNTER = new Counter(List.of("ip"), List.of("::1"));

  private final EventWriter writer = new EventWriter();
  private final EventReader reader = new EventReader();
  private final Renumberer renumberer = new Renumberer();

  @Test
  void aDecisionKeepsEverythingButItsPlace() {
    SpooledEvent renumbered = renumbered("decision.v1", writer.decision(decision(OLD)));

    assertThat(reader.decision(renumbered.value())).isEqualTo(decision(NEW));
    assertThat(renumbered.seq()).isEqualTo(NEW.seq());
  }

  @Test
  void anAdjustmentKeepsEverythingButItsPlace() {
    SpooledEvent renumbered = renumbered("adjustment.v1", writer.adjustment(adjustment(OLD)));

    assertThat(reader.adjustment(renumbered.value())).isEqualTo(adjustment(NEW));
  }

  private SpooledEvent renumbered(String kind, byte[] value) {
    SpooledEvent event =
        new SpooledEvent(7, "e1", 1, 2, kind, "id", "corr", 1, new byte[0], value, 1);
    return renumberer.renumber(event, NEW);
  }

  private static DecisionEvent decision(SeriesPosition position) {
    return new DecisionEvent(
        "id",
        position,
        "corr",
        "default",
        "c",
        "global",
        Map.of("ip", "::1"),
        2,
        true,
        null,
        new DecisionEvent.Top(3, 5, 60, 7L, "fixed_window", "per-ip", 1, 1, "enforce"),
        null,
        "redis",
        false,
        null,
        8,
        9,
        List.of(
            new DecisionEvent.Limit(
                "per-ip",
                1,
                "default",
                "*",
                1,
                "fixed_window",
                5,
                null,
                60,
                "enforce",
                false,
                COUNTER,
                new DecisionEvent.Verdict(3, 7, true, 8, false, true),
                new DecisionEvent.Terms(1, 0, 10))),
        new DecisionEvent.Spending("low", 500, 400_000, 60_000));
  }

  private static AdjustmentEvent adjustment(SeriesPosition position) {
    return new AdjustmentEvent(
        "id",
        "settle",
        position,
        "corr",
        "default",
        "c",
        "global",
        Map.of("ip", "::1"),
        2,
        null,
        8,
        List.of(
            new AdjustmentEvent.Limit(
                "per-ip",
                1,
                "default",
                "*",
                1,
                "fixed_window",
                5,
                null,
                60,
                false,
                COUNTER,
                8,
                false,
                0,
                2,
                1)),
        new AdjustmentEvent.Settled("decision", 1, 0));
  }
}
