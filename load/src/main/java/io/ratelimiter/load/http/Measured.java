package io.ratelimiter.load.http;

import org.HdrHistogram.Histogram;

/**
 * What came of a load.
 *
 * @param sent requests that went out
 * @param answered of them, those whose answer came whole
 * @param refused due while no connection could be had, so never sent
 * @param failed answered with another status than 200
 * @param micros time from when each answered request was due to its answer, microseconds
 */
public record Measured(long sent, long answered, long refused, long failed, Histogram micros) {

  /** Sent, and never answered: whether they were decided is not known. */
  public long unanswered() {
    return sent - answered;
  }

  /** The time that this share of the answers took at most, milliseconds. */
  public double quantileMillis(double share) {
    return micros.getValueAtPercentile(share * 100) / 1_000.0;
  }

  @Override
  public String toString() {
    return "%d answered of %d sent, %d refused, %d failed, p50 %.2f ms, p99 %.2f ms, most %.1f ms"
        .formatted(
            answered,
            sent,
            refused,
            failed,
            quantileMillis(0.5),
            quantileMillis(0.99),
            quantileMillis(1));
  }
}
