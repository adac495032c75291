package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.StageFailure;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * While the breaker is open, sends the store a real check on a reserved key once a second and half
 * opens the breaker when that is answered. A {@code PING} is not sufficient: a replica, a full
 * Redis and a broken cluster answer it, and the breaker would open and close every second.
 */
public final class StoreProbe implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** A tenant that no caller can have: theirs begin with a letter or a digit. */
  private static final Check CHECK = new Check("~probe", "probe", "probe", 1);

  /** A window so short that the key expires before the next probe. */
  private static final Rule RULE =
      new Rule(
          0,
          0,
          RuleTerms.enforcing("default", "probe", Rule.WILDCARD, "probe"),
          new Policy.TokenBucket(1_000, 1, 1_000));

  private final Limiter store;
  private final StoreBreaker breaker;
  private final Runnable reconnect;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("store-probe").factory());

  /**
   * A probe that is not started.
   *
   * @param reconnect run after each probe that was sent and not answered: the connection may lead
   *     to a host that is down, or to one that is no longer the primary
   */
  public StoreProbe(Limiter store, StoreBreaker breaker, Runnable reconnect) {
    this.store = store;
    this.breaker = breaker;
    this.reconnect = reconnect;
  }

  /** Starts the probe. */
  public void start() {
    long millis = PERIOD.toMillis();
    var _ = timer.scheduleAtFixedRate(this::probe, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void probe() {
    if (breaker.state() == BreakerStatus.State.OPEN) {
      CircuitBreakingLimiter.send(store, CHECK, new Match(List.of(RULE), 0))
          .whenComplete((_, failure) -> {
            if (failure == null) {
              breaker.halfOpen();
            } else if (!disconnected(failure)) {
              reconnect.run();
            }
          });
    }
  }

  /** A lost connection is being reconnected already. */
  private static boolean disconnected(Throwable failure) {
    return StageFailure.causeOf(failure) instanceof StoreUnavailableException unavailable
        && unavailable.reason() == DegradedReason.CONNECTION;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
