package io.ratelimiter.service.ops;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.resilience.BreakerStatus;
import io.ratelimiter.service.rules.ActiveRules;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Warms the limiter and its connection to the store up before the first request, for max 1 s, with
 * checks of cost 0, which are not charged, counted or published.
 */
final class WarmUp implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  private static final Duration MAX_DURATION = Duration.ofSeconds(1);
  private static final int CHECKS = 2_000;

  /** An unsampled parent span, so that the {@value #CHECKS} checks are not traced. */
  private static final Context UNTRACED =
      Context.root()
          .with(
              Span.wrap(
                  SpanContext.create(
                      "00000000000000000000000000000001",
                      "0000000000000001",
                      TraceFlags.getDefault(),
                      TraceState.getDefault())));

  private static final Check CHECK = new Check("default", "warm-up", "warm-up", 0);

  private final ActiveRules rules;
  private final Limiter limiter;
  private final BreakerStatus breaker;
  private final InstantSource clock;
  private volatile boolean ready;

  WarmUp(ActiveRules rules, Limiter limiter, BreakerStatus breaker, InstantSource clock) {
    this.rules = rules;
    this.limiter = limiter;
    this.breaker = breaker;
    this.clock = clock;
  }

  /** Whether the warm-up has ended. */
  boolean ready() {
    return ready;
  }

  @Override
  public void start() {
    Thread.ofVirtual().name("warm-up").start(UNTRACED.wrap(this::run));
  }

  private void run() {
    long endNanos = System.nanoTime() + MAX_DURATION.toNanos();
    try {
      // A check without a store would open the breaker before the first request.
      while (!breaker.redisAvailable() && System.nanoTime() < endNanos) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      boolean answered = breaker.redisAvailable();
      for (int i = 0; answered && i < CHECKS && System.nanoTime() < endNanos; i++) {
        answered = !check(endNanos - System.nanoTime()).degraded();
      }
    } catch (TimeoutException e) {
      log.debug("The warm-up has reached its time limit", e);
    } catch (ExecutionException | RuntimeException e) {
      // The service gets ready all the same: checks are answered by the fail mode.
      log.warn("The warm-up was aborted", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ready = true;
    }
  }

  private Decision check(long leftNanos)
      throws ExecutionException, InterruptedException, TimeoutException {
    var match = rules.current().match(CHECK, clock.millis());
    return limiter
        .check(CHECK, match)
        .toCompletableFuture()
        .get(Math.max(1, leftNanos), TimeUnit.NANOSECONDS);
  }

  @Override
  public void stop() {
    // Ends by itself within 1 s.
  }

  @Override
  public boolean isRunning() {
    return false;
  }

  /** Starts after the store, the rules and the port, so that liveness is served meanwhile. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }
}
