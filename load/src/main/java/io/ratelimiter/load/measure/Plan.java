package io.ratelimiter.load.measure;

import io.ratelimiter.load.stack.Stack;
import java.time.Duration;

/**
 * How much is measured.
 *
 * @param runs of each subject; a run that is thrown away does not count
 * @param run how long one is
 * @param warmUp how long each subject is asked before the first
 * @param settings of what is started
 */
public record Plan(int runs, Duration run, Duration warmUp, Stack.Settings settings) {

  /** For people: what every figure of this plan hangs on. */
  String text() {
    return "%d runs of %d s after %d s of warming up, JVM options of the images and `%s`"
        .formatted(
            runs, run.toSeconds(), warmUp.toSeconds(), String.join(" ", settings.moreOptions()));
  }
}
