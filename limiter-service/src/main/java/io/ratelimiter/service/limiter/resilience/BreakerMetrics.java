package io.ratelimiter.service.limiter.resilience;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The metric of the circuit breaker. */
public final class BreakerMetrics {

  private static final String STATE = "ratelimiter.circuit.breaker.state";

  private BreakerMetrics() {}

  public static void register(BreakerStatus breaker, MeterRegistry registry) {
    Gauge.builder(STATE, breaker, status -> value(status.state()))
        .description("0 closed, 1 half-open, 2 open")
        .register(registry);
  }

  private static int value(BreakerStatus.State state) {
    return switch (state) {
      case CLOSED -> 0;
      case HALF_OPEN -> 1;
      case OPEN -> 2;
    };
  }
}
