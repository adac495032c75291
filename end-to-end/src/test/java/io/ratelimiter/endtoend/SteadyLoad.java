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

/** Sends checks of several clients at steady rates and records the answers. */
final class SteadyLoad implements AutoCloseable {

  /**
   * One answered check.
   *
   * @param at when the answer was received
   * @param allowed false also if the answer is not a decision
   */
  record Answered(Instant at, int status, boolean allowed, Duration took) {}

  private final Caller caller;
  private final Queue<Answered> seen = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  SteadyLoad(Caller caller) {
    this.caller = caller;
  }

  /** Starts checks of this client at this rate. */
  SteadyLoad add(String clientId, int perSecond) {
    var _ =
        clock.scheduleAtFixedRate(
            () -> callers.submit(() -> check(clientId)),
            0,
            TimeUnit.SECONDS.toNanos(1) / perSecond,
            TimeUnit.NANOSECONDS);
    return this;
  }

  private void check(String clientId) {
    long began = System.nanoTime();
    Caller.Answer answer = caller.check(clientId);
    boolean allowed = answer.status() == 200 && answer.allowed();
    seen.add(
        new Answered(
            Instant.now(), answer.status(), allowed, Duration.ofNanos(System.nanoTime() - began)));
  }

  /** Answers after {@code from} up to {@code to}. */
  List<Answered> between(Instant from, Instant to) {
    return seen.stream().filter(one -> one.at().isAfter(from) && !one.at().isAfter(to)).toList();
  }

  /** A quantile of the times of these answers. */
  static Duration took(List<Answered> answers, double quantile) {
    List<Answered> sorted = new ArrayList<>(answers);
    sorted.sort(Comparator.comparing(Answered::took));
    return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * quantile)).took();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    callers.shutdown();
  }
}
