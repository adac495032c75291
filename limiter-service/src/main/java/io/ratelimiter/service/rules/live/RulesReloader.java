package io.ratelimiter.service.rules.live;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.ratelimiter.runtime.Faults;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.StoredRuleSet;
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
 * Keeps the rules in force equal to those that are stored: reads the version of the source after
 * each poll interval, and at once after a hint, and the whole set if the version has changed.
 */
public final class RulesReloader implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RulesReloader.class);

  /** Share of the poll interval, so that many instances do not read at once. */
  private static final double JITTER = 0.1;

  /** Before the web server, so that its first answers follow the rules of the source. */
  private static final int PHASE = 0;

  private static final Duration MAX_RELOAD_WAIT = Duration.ofSeconds(1);

  private final RuleSource source;
  private final LiveRules live;
  private final Consumer<StoredRuleSet> afterReload;
  private final Timing timing;
  private final Semaphore hints = new Semaphore(0);

  /** One for each call of {@link #reloadNow}; added by any thread, removed by the reloader's. */
  private final Queue<CountDownLatch> waiting = new ConcurrentLinkedQueue<>();

  private final Tracer tracer = GlobalOpenTelemetry.getTracer("io.ratelimiter.rules");

  private StoredRuleSet.@Nullable Version lastRead;
  private @Nullable String whyRefused;
  private volatile @Nullable Thread thread;

  /**
   * When the source is read.
   *
   * @param pollInterval max time between two reads of the version
   * @param startWait max time that the start waits for the first read
   */
  record Timing(Duration pollInterval, Duration startWait) {}

  /**
   * @param afterReload receives each set of the source once it is in force, on the reloader's
   *     thread
   */
  RulesReloader(
      RuleSource source, LiveRules live, Consumer<StoredRuleSet> afterReload, Timing timing) {
    this.source = source;
    this.live = live;
    this.afterReload = afterReload;
    this.timing = timing;
  }

  /** Reads the version now instead of after the interval; from any thread, never blocks. */
  public void hint() {
    hints.release();
  }

  /**
   * Reads the source now, and blocks until the result is in force, for at most one second. A read
   * that had begun before this call does not count.
   */
  public void reloadNow() {
    CountDownLatch reloaded = new CountDownLatch(1);
    waiting.add(reloaded);
    hint();
    try {
      if (!reloaded.await(MAX_RELOAD_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("The rules are not read yet; a change that was made will be in force later");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the first read of the source, for at most {@code startWait}. */
  @Override
  public void start() {
    CountDownLatch firstRead = new CountDownLatch(1);
    thread = Thread.ofVirtual().name("rules-reloader").start(() -> run(firstRead));
    try {
      if (!firstRead.await(timing.startWait().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("No rules read after {} s; starting anyway", timing.startWait().toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(CountDownLatch firstRead) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        int served = waiting.size();
        reload();
        firstRead.countDown();
        for (int i = 0; i < served; i++) {
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

  private void reload() {
    try {
      StoredRuleSet.Version newest = source.version();
      if (newest.equals(lastRead)) {
        report(newest);
      } else {
        replace(newest);
      }
    } catch (RulesUnavailableException e) {
      reportUnavailable(e);
    } catch (RuntimeException e) {
      // Not rethrown: the next read may succeed.
      if (live.state().unavailable() == null) {
        log.error("Rules cannot be read", e);
      }
      reportUnavailable(e);
    }
  }

  private void replace(StoredRuleSet.Version newest) {
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
      live.refuse(newest.revision(), Faults.inOneLine(e), source.name());
      return;
    } finally {
      span.end();
    }
    lastRead = version;
    report(version);
  }

  private void report(StoredRuleSet.Version newest) {
    if (whyRefused == null) {
      live.confirm();
    } else {
      live.refuse(newest.revision(), whyRefused, source.name());
    }
  }

  private void reportUnavailable(RuntimeException why) {
    // The stop itself closes the connection.
    if (isRunning()) {
      live.unavailable(Faults.inOneLine(why));
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
