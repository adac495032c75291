package io.ratelimiter.load.harness;

import io.ratelimiter.load.http.ClosedLoop;
import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.load.http.Saturation;
import io.ratelimiter.load.stack.Cpu;
import io.ratelimiter.load.stack.Metrics;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import io.ratelimiter.load.verdict.DecisionTopic;
import io.ratelimiter.load.verdict.RunVerifier;
import io.ratelimiter.load.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Takes runs: sends load, measures processor time and verifies the decisions. A run in which less
 * than 99 % of the due requests were answered is discarded and repeated.
 */
public final class Harness implements AutoCloseable {

  private static final double MIN_ANSWERED = 0.99;
  private static final int MAX_DISCARDED = 5;

  private final Cpu cpu;
  private final Metrics metrics;
  private final DecisionTopic topic;
  private final List<Verdict> verdicts = new ArrayList<>();
  private int discarded;

  /**
   * Verifies the decisions of this limiter.
   *
   * @param others further services whose processor time is measured
   */
  public Harness(Stack stack, Running limiter, Running... others) {
    List<Running> services = new ArrayList<>(List.of(others));
    services.add(limiter);
    this.cpu = new Cpu(stack, services);
    this.metrics = new Metrics(limiter.port());
    this.topic = new DecisionTopic(stack.kafka().bootstrapServers());
  }

  /** Sends load without measuring, so that the JVM has compiled its code before the first run. */
  public void warmUp(Target target, LongFunction<byte[]> requests, Duration time) {
    var _ = ClosedLoop.run(target.load(64, requests), time);
  }

  /** Takes a run of closed-loop load. */
  public Run saturate(
      Target target, int connections, LongFunction<byte[]> requests, Duration time) {
    return keepTrying(() -> {
      begin(target);
      Saturation load = ClosedLoop.run(target.load(connections, requests), time);
      Map<String, Double> spent = cpu.spentMicros();
      Verdict verdict = verify(target, load.measured(), load.allowed(), true);
      return new Run(target, load.measured(), load.perSecond(), spent, verdict);
    });
  }

  /** Takes a run of open-loop load at this rate. */
  public Run offer(Target target, int perSecond, LongFunction<byte[]> requests, Duration time) {
    return keepTrying(() -> {
      begin(target);
      AtomicLong allowed = new AtomicLong();
      Measured load =
          OpenLoop.run(
              target.load(64, requests),
              perSecond,
              time,
              answer -> allowed.addAndGet(answer.allowed() ? 1 : 0));
      Map<String, Double> spent = cpu.spentMicros();
      Verdict verdict = verify(target, load, allowed.get(), true);
      double rate = load.answered() * 1e9 / time.toNanos();
      return new Run(target, load, rate, spent, verdict);
    });
  }

  private interface Attempt {
    Run take();
  }

  private Run keepTrying(Attempt attempt) {
    while (true) {
      Run run = attempt.take();
      Measured load = run.measured();
      if (load.answered() >= MIN_ANSWERED * (load.sent() + load.refused())) {
        verdicts.add(run.verdict());
        System.out.printf(
            "  %s: %,.0f/s, %.1f µs, p50 %.2f p99 %.2f ms; %s%n",
            run.target().name(),
            run.perSecond(),
            run.cpuPerAnswer(),
            load.quantileMillis(0.5),
            load.quantileMillis(0.99),
            run.verdict());
        return run;
      }
      discarded++;
      System.out.println("  discarded: " + load);
      if (discarded > MAX_DISCARDED) {
        throw new IllegalStateException("too many runs left over 1 in 100 requests unanswered");
      }
    }
  }

  /** Begins a run: skips earlier decisions on the topic and starts counting processor time. */
  public void begin(Target target) {
    if (target.decides()) {
      metrics.awaitAllPublished();
      topic.skip();
    }
    cpu.begin();
  }

  /**
   * Ends a run and returns its verdict.
   *
   * @param allowed number of answers that allow the check
   * @param healthy whether a degraded decision is a fault
   */
  public Verdict verify(Target target, Measured load, long allowed, boolean healthy) {
    Verdict verdict = new Verdict(load.answered(), 0, 0, List.of());
    if (target.decides()) {
      RunVerifier verifier = new RunVerifier(healthy);
      metrics.awaitAllPublished();
      topic.read(verifier::take, verifier::take);
      verdict = verifier.verdict(load.answered(), allowed);
    }
    if (load.failed() > 0) {
      verdict = verdict.with(load.failed() + " answers were not 200");
    }
    return load.unanswered() == 0
        ? verdict
        : verdict.with(load.unanswered() + " requests were never answered");
  }

  /** A summary of the verdicts of all runs so far. */
  public String verdict() {
    return verdict(verdicts, discarded);
  }

  /** A summary of these verdicts. */
  public static String verdict(List<Verdict> verdicts, int discarded) {
    List<String> faults =
        verdicts.stream().filter(one -> !one.clean()).map(Verdict::toString).toList();
    String text =
        "\nVerdict: %d runs, %,d answers, %,d decisions published, %s; %d runs discarded.\n"
            .formatted(
                verdicts.size(),
                verdicts.stream().mapToLong(Verdict::answered).sum(),
                verdicts.stream().mapToLong(Verdict::published).sum(),
                faults.isEmpty() ? "all clean" : "**" + faults.size() + " not clean**",
                discarded);
    return faults.isEmpty() ? text : text + "\n    " + String.join("\n    ", faults) + "\n";
  }

  @Override
  public void close() {
    topic.close();
    metrics.close();
  }
}
