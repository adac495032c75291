package io.ratelimiter.auditor.store;

import io.ratelimiter.auditor.store.Generation.Standing;
import io.ratelimiter.auditor.store.Generation.State;
import io.ratelimiter.auditor.store.tables.GenerationSwitch;
import io.ratelimiter.auditor.store.tables.UnservedRows;
import io.ratelimiter.runtime.RepeatedTask;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Determines every second whether this run's generation is shown. A generation that has caught up
 * replaces the lower one; afterwards it deletes the rows that are not shown any more.
 */
final class GenerationWatch implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(GenerationWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** Max steps of deletion between two looks, each of 5000 rows. */
  private static final int MAX_STEPS = 10;

  /** While both runs count, one of them is ahead on some partitions: the old one waits so long. */
  private static final long YIELD_NANOS = Duration.ofSeconds(20).toNanos();

  private static final long YIELD_INTERVAL_NANOS = Duration.ofMinutes(5).toNanos();

  private final Generation generation;
  private final Sink sink;
  private final GenerationSwitch tables;
  private final UnservedRows unserved;
  private final LongSupplier nanoTime;
  private final CurrentFault fault =
      new CurrentFault(log, "The generation that serves cannot be read or changed, retrying");
  private final RepeatedTask repeated = new RepeatedTask("audit-generation", INTERVAL, this::look);
  private long yieldedNanos;

  GenerationWatch(
      Generation generation,
      Sink sink,
      GenerationSwitch tables,
      UnservedRows unserved,
      LongSupplier nanoTime) {
    this.generation = generation;
    this.sink = sink;
    this.tables = tables;
    this.unserved = unserved;
    this.nanoTime = nanoTime;
    this.yieldedNanos = nanoTime.getAsLong() - YIELD_INTERVAL_NANOS;
  }

  @Override
  public void start() {
    repeated.start();
  }

  private void look() {
    if (!sink.hasSchema()) {
      return;
    }
    try {
      Standing before = generation.standing();
      Standing now = standing(tables.serving());
      generation.set(now);
      if (now.state() != before.state()) {
        log.info("Generation {} is {}", generation.number(), now.state().wireName());
      }
      deleteUnserved(now.state());
      fault.clear();
    } catch (SQLException | RuntimeException e) {
      fault.set(e);
    }
  }

  private Standing standing(int serving) throws SQLException {
    int own = generation.number();
    if (serving > own) {
      return new Standing(State.REPLACED, serving);
    }
    if (serving == 0 || serving == own) {
      return new Standing(yields() ? State.YIELDING : State.SERVING, serving);
    }
    return tables.switchIfCaughtUp()
        ? new Standing(State.SERVING, own)
        : new Standing(State.COUNTING, serving);
  }

  private boolean yields() throws SQLException {
    long now = nanoTime.getAsLong();
    if (now - yieldedNanos >= YIELD_INTERVAL_NANOS && tables.isNearlyReplaced()) {
      yieldedNanos = now;
    }
    return now - yieldedNanos < YIELD_NANOS;
  }

  private void deleteUnserved(State state) throws SQLException {
    int steps = 0;
    while (state == State.SERVING && steps < MAX_STEPS && unserved.deleteSome()) {
      steps++;
    }
  }

  /** Stops before the sink, which closes the database. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void stop() {
    repeated.stop();
  }

  @Override
  public boolean isRunning() {
    return repeated.running();
  }
}
