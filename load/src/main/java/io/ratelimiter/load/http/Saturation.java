package io.ratelimiter.load.http;

import java.time.Duration;

/**
 * The results of a closed-loop load.
 *
 * @param measured requests, answers and their times
 * @param allowed number of answers that allow the check
 * @param took time from the first request to the last answer
 */
public record Saturation(Measured measured, long allowed, Duration took) {

  /** Answers per second. */
  public double perSecond() {
    return measured.answered() * 1e9 / took.toNanos();
  }
}
