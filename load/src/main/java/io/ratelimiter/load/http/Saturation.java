package io.ratelimiter.load.http;

import java.time.Duration;

/**
 * What came of asking as fast as answers come.
 *
 * @param measured sent, answered and how long each took
 * @param allowed of the answers, those that allow
 * @param took from the first request to the last answer
 */
public record Saturation(Measured measured, long allowed, Duration took) {

  /** Answers per second. */
  public double perSecond() {
    return measured.answered() * 1e9 / took.toNanos();
  }
}
