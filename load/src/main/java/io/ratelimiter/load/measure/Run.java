package io.ratelimiter.load.measure;

import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.verdict.Verdict;
import java.util.Map;

/**
 * One run that is kept.
 *
 * @param subject that was asked
 * @param measured the answers
 * @param perSecond answers per second
 * @param cpuMicros what each process spent meanwhile, microseconds
 * @param verdict whether it was right
 */
record Run(
    Subject subject,
    Measured measured,
    double perSecond,
    Map<String, Double> cpuMicros,
    Verdict verdict) {

  /** Whether all its answers were right; otherwise its figures are excluded. */
  boolean clean() {
    return verdict.clean();
  }

  /** Microseconds of a process for one answer. */
  double cpuPerAnswer(String process) {
    return cpuMicros.getOrDefault(process, Double.NaN) / measured.answered();
  }

  /** Microseconds of what was asked for one answer. */
  double cpuPerAnswer() {
    return cpuPerAnswer(subject.service().name());
  }
}
