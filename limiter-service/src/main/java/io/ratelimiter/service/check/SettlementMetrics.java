package io.ratelimiter.service.check;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Settlement;
import java.util.Optional;

/** Counts settlements that the store has answered. */
public final class SettlementMetrics {

  private static final String SETTLEMENTS = "ratelimiter.settlements";
  private static final String UNCHARGED = "ratelimiter.settlement.uncharged";

  private final Counter applied;
  private final Counter repeated;
  private final Counter unknown;
  private final Counter uncharged;

  public SettlementMetrics(MeterRegistry registry) {
    applied = counter(registry, "applied");
    repeated = counter(registry, "repeated");
    unknown = counter(registry, "unknown");
    uncharged =
        Counter.builder(UNCHARGED)
            .description("Units of settlements that exceeded the overdraft and were not charged")
            .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String result) {
    return Counter.builder(SETTLEMENTS)
        .description("Settlements")
        .tag("result", result)
        .register(registry);
  }

  /**
   * Counts a settlement.
   *
   * @param settlement empty if the decision is unknown
   */
  void settled(Optional<Settlement> settlement) {
    if (settlement.isEmpty()) {
      unknown.increment();
      return;
    }
    Adjustment adjustment = settlement.get().adjustment();
    if (adjustment.applied()) {
      applied.increment();
      uncharged.increment((double) WireValues.uncharged(adjustment));
    } else {
      repeated.increment();
    }
  }
}
