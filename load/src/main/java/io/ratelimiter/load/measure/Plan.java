package io.ratelimiter.load.measure;

import io.ratelimiter.load.stack.Stack;
import java.time.Duration;

/**
 * Number and duration of runs.
 *
 * @param runs number of runs of each target, without discarded ones
 * @param run duration of one run
 * @param warmUp duration of the load on each target before its first run
 * @param settings settings of the started services
 */
public record Plan(int runs, Duration run, Duration warmUp, Stack.Settings settings) {

  /** The conditions of every figure, for the report. */
  String text() {
    return "%d runs of %d s after %d s of warming up, JVM options of the images and `%s`"
        .formatted(
            runs, run.toSeconds(), warmUp.toSeconds(), String.join(" ", settings.moreOptions()));
  }
}
