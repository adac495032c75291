package io.ratelimiter.load.harness;

import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.verdict.Verdict;
import java.util.Map;

/**
 * One completed run.
 *
 * @param target the measured service
 * @param measured the answers
 * @param perSecond answers per second
 * @param cpuMicros processor time by process, microseconds
 * @param verdict whether the answers were correct
 */
public record Run(
    Target target,
    Measured measured,
    double perSecond,
    Map<String, Double> cpuMicros,
    Verdict verdict) {

  /** Whether all answers were correct; otherwise the figures are excluded. */
  public boolean clean() {
    return verdict.clean();
  }

  /** Processor time of this process per answer, microseconds. */
  public double cpuPerAnswer(String process) {
    return cpuMicros.getOrDefault(process, Double.NaN) / measured.answered();
  }

  /** Processor time of the target per answer, microseconds. */
  public double cpuPerAnswer() {
    return cpuPerAnswer(target.service().name());
  }
}
