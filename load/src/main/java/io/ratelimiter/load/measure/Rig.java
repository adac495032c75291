package io.ratelimiter.load.measure;

import io.ratelimiter.load.http.ClosedLoop;
import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.load.http.Saturation;
import io.ratelimiter.load.stack.Cpu;
import io.ratelimiter.load.stack.Metrics;
import io.ratelimiter.load.stack.Stack;
import io.ratelimiter.load.stack.Stack.Running;
import io.ratelimiter.load.verdict.Judge;
import io.ratelimiter.load.verdict.Topic;
import io.ratelimiter.load.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Takes runs: load, processor time and verdict. A run in which less than 99 % of what was offered
 * came back is thrown away and taken again.
 */
final class Rig implements AutoCloseable {

  private static final double ACHIEVED = 0.99;
  private static final int MAX_THROWN_AWAY = 5;

  private final Cpu cpu;
  private final Metrics metrics;
  private final Topic topic;
  private final List<Verdict> verdicts = new ArrayList<>();
  private int thrownAway;

  /**
   * Looks at the decisions of this limiter.
   *
   * @param others services whose processor time counts too
   */
  Rig(Stack stack, Running limiter, Running... others) {
    List<Running> services = new ArrayList<>(List.of(others));
    services.add(limiter);
    this.cpu = new Cpu(stack, services);
    this.metrics = new Metrics(limiter.port());
    this.topic = new Topic(stack.kafka().bootstrapServers());
  }

  /** Asks without looking, so that the JVM knows its work by the first run. */
  void warmUp(Subject subject, LongFunction<byte[]> requests, Duration time) {
    var _ = ClosedLoop.run(subject.target(64, requests), time);
  }

  /** Asks as fast as it goes. */
  Run saturate(Subject subject, int connections, LongFunction<byte[]> requests, Duration time) {
    return keepTrying(() -> {
      begin(subject);
      Saturation load = ClosedLoop.run(subject.target(connections, requests), time);
      Map<String, Double> spent = cpu.spentMicros();
      Verdict verdict = judge(subject, load.measured(), load.allowed(), true);
      return new Run(subject, load.measured(), load.perSecond(), spent, verdict);
    });
  }

  /** Asks so often, whatever is answered. */
  Run offer(Subject subject, int perSecond, LongFunction<byte[]> requests, Duration time) {
    return keepTrying(() -> {
      begin(subject);
      AtomicLong allowed = new AtomicLong();
      Measured load =
          OpenLoop.run(
              subject.target(64, requests),
              perSecond,
              time,
              answer -> allowed.addAndGet(answer.allowed() ? 1 : 0));
      Map<String, Double> spent = cpu.spentMicros();
      Verdict verdict = judge(subject, load, allowed.get(), true);
      double rate = load.answered() * 1e9 / time.toNanos();
      return new Run(subject, load, rate, spent, verdict);
    });
  }

  private interface Attempt {
    Run take();
  }

  private Run keepTrying(Attempt attempt) {
    while (true) {
      Run run = attempt.take();
      Measured load = run.measured();
      if (load.answered() >= ACHIEVED * (load.sent() + load.refused())) {
        verdicts.add(run.verdict());
        System.out.printf(
            "  %s: %,.0f/s, %.1f µs, p50 %.2f p99 %.2f ms; %s%n",
            run.subject().name(),
            run.perSecond(),
            run.cpuPerAnswer(),
            load.quantileMillis(0.5),
            load.quantileMillis(0.99),
            run.verdict());
        return run;
      }
      thrownAway++;
      System.out.println("  thrown away: " + load);
      if (thrownAway > MAX_THROWN_AWAY) {
        throw new IllegalStateException("the load achieves too little of what it offers");
      }
    }
  }

  /** Leaves out what earlier loads have left on the topic. */
  void begin(Subject subject) {
    if (subject.decides()) {
      metrics.awaitAllTold();
      topic.skip();
    }
    cpu.begin();
  }

  /** The verdict on what was asked since {@link #begin}. */
  Verdict judge(Subject subject, Measured load, long allowed, boolean healthy) {
    Verdict verdict = new Verdict(load.answered(), 0, 0, List.of());
    if (subject.decides()) {
      Judge judge = new Judge(healthy);
      metrics.awaitAllTold();
      topic.read(judge::take);
      verdict = judge.verdict(load.answered(), allowed);
    }
    if (load.failed() > 0) {
      verdict = verdict.with(load.failed() + " answers were not 200");
    }
    return load.unanswered() == 0
        ? verdict
        : verdict.with(load.unanswered() + " requests were never answered");
  }

  /** One line on all runs so far. */
  String verdict() {
    return verdict(verdicts, thrownAway);
  }

  static String verdict(List<Verdict> verdicts, int thrownAway) {
    List<String> faults =
        verdicts.stream().filter(one -> !one.clean()).map(Verdict::toString).toList();
    String text =
        "\nVerdict: %d runs, %,d answers, %,d decisions told, %s; %d runs thrown away.\n"
            .formatted(
                verdicts.size(),
                verdicts.stream().mapToLong(Verdict::answered).sum(),
                verdicts.stream().mapToLong(Verdict::told).sum(),
                faults.isEmpty() ? "all clean" : "**" + faults.size() + " not clean**",
                thrownAway);
    return faults.isEmpty() ? text : text + "\n    " + String.join("\n    ", faults) + "\n";
  }

  @Override
  public void close() {
    topic.close();
    metrics.close();
  }
}
