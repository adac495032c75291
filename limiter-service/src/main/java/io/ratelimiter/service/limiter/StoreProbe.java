package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * While the breaker is open, asks the store once a second with a real check on a key of its own,
 * and half opens the breaker when that is answered. A {@code PING} would not do: a replica, a full
 * Redis and a broken cluster answer it, and the breaker would flip every second.
 */
public final class StoreProbe implements AutoCloseable {

  private static final Duration EVERY = Duration.ofSeconds(1);

  /** No caller's: a tenant begins with a letter or a digit. */
  private static final Check CHECK = new Check("~probe", "probe", "probe", 1);

  /** A window so short that the key is gone before the next probe. */
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
   * A probe that does nothing yet.
   *
   * @param reconnect asked for after each probe that was sent and not answered: the connection may
   *     lead to a host that is gone, or to one that is the primary no more
   */
  public StoreProbe(Limiter store, StoreBreaker breaker, Runnable reconnect) {
    this.store = store;
    this.breaker = breaker;
    this.reconnect = reconnect;
  }

  /** Begins to watch. */
  public void start() {
    long millis = EVERY.toMillis();
    var _ = timer.scheduleAtFixedRate(this::probe, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void probe() {
    if (breaker.state() == BreakerStatus.State.OPEN) {
      ask()
          .whenComplete((_, failure) -> {
            if (failure == null) {
              breaker.halfOpen();
            } else if (!disconnected(failure)) {
              reconnect.run();
            }
          });
    }
  }

  /** An exception would end the timer, and with it all further probes. */
  private CompletionStage<Decision> ask() {
    try {
      return store.check(CHECK, new Match(List.of(RULE), 0));
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** What is not connected is being connected already. */
  private static boolean disconnected(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof StoreUnavailableException unavailable
        && unavailable.reason() == DegradedReason.CONNECTION;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
