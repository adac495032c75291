package io.ratelimiter.service.decisions.kafka;

import java.time.Duration;

/**
 * Detects that Kafka has stopped acknowledging, long before the producer's own timeout: events are
 * in flight, and none was acknowledged for some time. Sampled, so that sending costs nothing.
 */
final class StallDetector {

  private final long timeoutNanos;
  private long lastAcked = -1;
  private long quietSinceNanos;

  StallDetector(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  /** Restarts the timeout. */
  void reset(long nowNanos) {
    lastAcked = -1;
    quietSinceNanos = nowNanos;
  }

  /**
   * Takes a sample.
   *
   * @param acked events acknowledged so far
   * @param unacked bytes of the events sent and not yet acknowledged or failed
   * @return whether none was acknowledged for the timeout, with some unacknowledged in every sample
   */
  boolean stalled(long acked, long unacked, long nowNanos) {
    if (acked != lastAcked || unacked == 0) {
      lastAcked = acked;
      quietSinceNanos = nowNanos;
      return false;
    }
    return nowNanos - quietSinceNanos >= timeoutNanos;
  }
}
