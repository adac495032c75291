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
 * Runs the check path before the first caller does, at most a second long, with checks of cost 0:
 * they charge, count and publish nothing.
 */
final class WarmUp implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final int CHECKS = 2_000;

  /** A parent that is not sampled, so that its two thousand calls are not either. */
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

  /** Whether it has run. */
  boolean ready() {
    return ready;
  }

  @Override
  public void start() {
    Thread.ofVirtual().name("warm-up").start(UNTRACED.wrap(this::run));
  }

  private void run() {
    long endNanos = System.nanoTime() + LONGEST.toNanos();
    try {
      // Asking a store that is not there yet would open the breaker before the first caller comes.
      while (!breaker.redisAvailable() && System.nanoTime() < endNanos) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      boolean answered = breaker.redisAvailable();
      for (int i = 0; answered && i < CHECKS && System.nanoTime() < endNanos; i++) {
        answered = !check(endNanos - System.nanoTime()).degraded();
      }
    } catch (TimeoutException e) {
      log.debug("The warm-up has had its second", e);
    } catch (ExecutionException | RuntimeException e) {
      // Whoever asks next gets an answer by the fail mode: being cold is no reason to stay away.
      log.warn("The warm-up broke off", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ready = true;
    }
  }

  private Decision check(long leftNanos)
      throws ExecutionException, InterruptedException, TimeoutException {
    var match =
        rules.current().match(CHECK.tenant(), CHECK.clientId(), CHECK.limitKey(), clock.millis());
    return limiter
        .check(CHECK, match)
        .toCompletableFuture()
        .get(Math.max(1, leftNanos), TimeUnit.NANOSECONDS);
  }

  @Override
  public void stop() {
    // Ends by itself within a second.
  }

  @Override
  public boolean isRunning() {
    return false;
  }

  /** After the store and the rules, and after the port is open: liveness is asked meanwhile. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }
}
