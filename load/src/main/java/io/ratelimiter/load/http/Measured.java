package io.ratelimiter.load.http;

import org.HdrHistogram.Histogram;

/**
 * The results of a load.
 *
 * @param sent number of requests sent
 * @param answered number of complete answers
 * @param refused number of requests not sent because no connection could be opened
 * @param failed number of answers with a status other than 200
 * @param micros microseconds from when a request was due to its answer
 */
public record Measured(long sent, long answered, long refused, long failed, Histogram micros) {

  /** Number of requests sent without an answer; they may have been decided. */
  public long unanswered() {
    return sent - answered;
  }

  /** The time within which this share of the answers was received, milliseconds. */
  public double quantileMillis(double share) {
    return micros.getValueAtPercentile(share * 100) / 1_000.0;
  }

  @Override
  public String toString() {
    return "%d answered of %d sent, %d refused, %d failed, p50 %.2f ms, p99 %.2f ms, max %.1f ms"
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
