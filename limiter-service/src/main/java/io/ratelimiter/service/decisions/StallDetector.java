package io.ratelimiter.service.decisions;

import java.time.Duration;

/**
 * Sees that Kafka has stopped confirming long before the producer gives up: records are in flight
 * and for some time none was confirmed. Looked at now and then, so that sending costs nothing.
 */
final class StallDetector {

  private final long timeoutNanos;
  private long lastAcked = -1;
  private long quietSinceNanos;

  StallDetector(Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
  }

  /** Forgets what was seen. */
  void reset(long nowNanos) {
    lastAcked = -1;
    quietSinceNanos = nowNanos;
  }

  /**
   * Takes a look.
   *
   * @param acked records confirmed so far
   * @param unanswered records handed over and not yet answered
   * @return whether none was confirmed for the timeout although some were waiting at every look
   */
  boolean stalled(long acked, long unanswered, long nowNanos) {
    if (acked != lastAcked || unanswered == 0) {
      lastAcked = acked;
      quietSinceNanos = nowNanos;
      return false;
    }
    return nowNanos - quietSinceNanos >= timeoutNanos;
  }
}
