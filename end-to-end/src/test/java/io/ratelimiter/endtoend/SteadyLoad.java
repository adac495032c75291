package io.ratelimiter.endtoend;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Checks of several clients at steady rates, and a log of what was answered. */
final class SteadyLoad implements AutoCloseable {

  /**
   * One answered check.
   *
   * @param at when the answer was here
   * @param allowed false also where the answer was no decision
   */
  record Seen(Instant at, int status, boolean allowed, Duration took) {}

  private final Caller caller;
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  SteadyLoad(Caller caller) {
    this.caller = caller;
  }

  /** From now on this client asks so often. */
  SteadyLoad add(String clientId, int perSecond) {
    var _ =
        clock.scheduleAtFixedRate(
            () -> callers.submit(() -> ask(clientId)),
            0,
            TimeUnit.SECONDS.toNanos(1) / perSecond,
            TimeUnit.NANOSECONDS);
    return this;
  }

  private void ask(String clientId) {
    long began = System.nanoTime();
    Caller.Answer answer = caller.check(clientId);
    boolean allowed = answer.status() == 200 && answer.allowed();
    seen.add(
        new Seen(
            Instant.now(), answer.status(), allowed, Duration.ofNanos(System.nanoTime() - began)));
  }

  /** Answers of this span, its begin excluded. */
  List<Seen> between(Instant from, Instant to) {
    return seen.stream().filter(one -> one.at().isAfter(from) && !one.at().isAfter(to)).toList();
  }

  /** The quantile of the times that these answers took. */
  static Duration took(List<Seen> answers, double quantile) {
    List<Seen> sorted = new ArrayList<>(answers);
    sorted.sort(Comparator.comparing(Seen::took));
    return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * quantile)).took();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    callers.shutdown();
  }
}
