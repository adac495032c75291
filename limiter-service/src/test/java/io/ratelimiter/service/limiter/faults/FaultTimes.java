package io.ratelimiter.service.limiter.faults;

import java.util.Comparator;
import java.util.List;

/**
 * The response times of a run.
 *
 * @param calls all checks of the run
 * @param endNanos when the fault ended, as of {@link System#nanoTime()}
 */
record FaultTimes(List<SteadyLoad.Call> calls, MachinePauses pauses, long endNanos) {

  /** Consecutive answers of the store after which the service has recovered. */
  private static final int RECOVERED_ANSWERS = 100;

  /** Of the checks during which the machine did not pause. */
  double p99Millis() {
    List<Long> micros =
        calls.stream()
            .filter(call -> !pauses.touch(call.dueNanos(), call.doneNanos()))
            .map(SteadyLoad.Call::micros)
            .sorted()
            .toList();
    return micros.get(micros.size() * 99 / 100) / 1_000.0;
  }

  /** Time from the end of the fault to the first of 100 consecutive answers of the store. */
  long recoveredMillis() {
    List<SteadyLoad.Call> after =
        calls.stream()
            .filter(call -> call.doneNanos() > endNanos)
            .sorted(Comparator.comparingLong(SteadyLoad.Call::doneNanos))
            .toList();
    int consecutive = 0;
    for (int i = 0; i < after.size(); i++) {
      consecutive = after.get(i).degraded() ? 0 : consecutive + 1;
      if (consecutive == RECOVERED_ANSWERS) {
        return (after.get(i - RECOVERED_ANSWERS + 1).doneNanos() - endNanos) / 1_000_000;
      }
    }
    return Long.MAX_VALUE / 1_000_000;
  }
}
