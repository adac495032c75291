package io.ratelimiter.service.rules;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.ratelimiter.runtime.RootCause;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the rules in force equal to those that are stored: asks for their version every few
 * seconds, and at once after a hint, and reads them whole whenever it differs.
 */
final class RulesReloader implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RulesReloader.class);

  /** Of the poll interval, so that many instances do not ask at once. */
  private static final double JITTER = 0.1;

  /** Before the web server, so that it need not answer by rules that are about to change. */
  private static final int PHASE = 0;

  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private final RuleSource source;
  private final LiveRules live;
  private final Consumer<StoredRuleSet> afterReload;
  private final Timing timing;
  private final Semaphore hints = new Semaphore(0);

  /** Those that wait for an answer; added by any thread, removed by the reloader's alone. */
  private final Queue<CountDownLatch> waiting = new ConcurrentLinkedQueue<>();

  private final Tracer tracer = GlobalOpenTelemetry.getTracer("io.ratelimiter.rules");

  private StoredRuleSet.@Nullable Version seen;
  private @Nullable String whyRefused;
  private volatile @Nullable Thread thread;

  /**
   * When to ask.
   *
   * @param pollInterval longest time between two questions
   * @param startWait longest time that the start waits for the first answer
   */
  record Timing(Duration pollInterval, Duration startWait) {}

  /**
   * @param afterReload gets each set of the source once it is in force, on the reloader's thread
   */
  RulesReloader(
      RuleSource source, LiveRules live, Consumer<StoredRuleSet> afterReload, Timing timing) {
    this.source = source;
    this.live = live;
    this.afterReload = afterReload;
    this.timing = timing;
  }

  /** Asks now instead of when the interval is over; from any thread, never blocks. */
  void hint() {
    hints.release();
  }

  /**
   * Asks now, and blocks until the answer is in force, for one second at most.
   *
   * <p>Only an answer to a question that was asked after this call counts.
   */
  void reloadNow() {
    CountDownLatch answered = new CountDownLatch(1);
    waiting.add(answered);
    hint();
    try {
      if (!answered.await(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("The rules are not read yet; a change that was made will be in force later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the first answer of the source, but not for long. */
  @Override
  public void start() {
    CountDownLatch asked = new CountDownLatch(1);
    thread = Thread.ofVirtual().name("rules-reloader").start(() -> run(asked));
    try {
      if (!asked.await(timing.startWait().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn(
            "No rules read yet after {} s; starting all the same", timing.startWait().toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(CountDownLatch asked) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        int answering = waiting.size();
        reload();
        asked.countDown();
        for (int i = 0; i < answering; i++) {
          waiting.remove().countDown();
        }
        awaitHint();
      }
    } catch (InterruptedException e) {
      log.debug("Stopped", e);
    }
  }

  private void awaitHint() throws InterruptedException {
    double share = 1 - JITTER * ThreadLocalRandom.current().nextDouble();
    boolean hinted =
        hints.tryAcquire((long) (timing.pollInterval().toNanos() * share), TimeUnit.NANOSECONDS);
    if (hinted) {
      hints.drainPermits();
    }
  }

  /** Asks once. */
  private void reload() {
    try {
      StoredRuleSet.Version newest = source.version();
      if (newest.equals(seen)) {
        judge(newest);
      } else {
        take(newest);
      }
    } catch (RulesUnavailableException e) {
      lost(e);
    } catch (RuntimeException e) {
      // Whatever it is, the next question may be answered.
      if (live.state().unavailable() == null) {
        log.error("Rules cannot be read", e);
      }
      lost(e);
    }
  }

  private void take(StoredRuleSet.Version newest) {
    StoredRuleSet.Version version = newest;
    whyRefused = null;
    Span span = tracer.spanBuilder("rules reload").startSpan();
    try (Scope _ = span.makeCurrent()) {
      StoredRuleSet read = source.read();
      version = read.version();
      live.accept(read, source.name());
      afterReload.accept(read);
    } catch (InvalidRuleSetException e) {
      whyRefused = e.getMessage();
    } catch (RulesUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      // The source answers, so it is available; the next attempt may succeed.
      if (live.state().refused() == null) {
        log.error("Rules cannot be read", e);
      }
      live.refuse(newest.revision(), RootCause.message(e), source.name());
      return;
    } finally {
      span.end();
    }
    seen = version;
    judge(version);
  }

  private void judge(StoredRuleSet.Version newest) {
    if (whyRefused == null) {
      live.confirm();
    } else {
      live.refuse(newest.revision(), whyRefused, source.name());
    }
  }

  private void lost(RuntimeException why) {
    // A connection that is closed by the stop is no news.
    if (isRunning()) {
      live.lost(RootCause.message(why));
    }
  }

  @Override
  public void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
