package io.ratelimiter.service.api.access;

import io.ratelimiter.service.api.http.Peer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits the rate of wrong admin tokens with a bucket for each pair of address and forwarded
 * address, and a larger one for each address. Callers behind one proxy do not lock each other out,
 * and a caller that forges forwarded addresses gains little. In memory of this process.
 * Thread-safe, never blocks.
 */
final class WrongTokens {

  /** Max number of wrong tokens of one caller without waiting. */
  static final int BURST = 10;

  /** One more is allowed after each interval of this length. */
  static final long INTERVAL_NANOS = 6_000_000_000L;

  /** The budget of all callers with one address, as a multiple of one caller's. */
  static final int SHARE = 10;

  /** Max number of buckets; beyond it the least recently used one is removed. */
  static final int MAX_BUCKETS = 4_096;

  /** When each bucket is full again, in nanoseconds of the caller's clock. */
  private final Map<Object, Long> wholeAtNanos =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
          return size() > MAX_BUCKETS;
        }
      };

  /**
   * Charges an attempt if its token was wrong. An attempt that has to wait is not charged.
   *
   * @param nowNanos a monotonic time
   * @return nanoseconds until the peer may try again; 0 when this attempt counts
   */
  synchronized long waitNanos(Peer peer, boolean right, long nowNanos) {
    long interval = INTERVAL_NANOS;
    long sharedInterval = INTERVAL_NANOS / SHARE;
    // Both buckets refill completely within the same time.
    long wait =
        Math.max(
            waitFor(peer, interval, nowNanos), waitFor(peer.address(), sharedInterval, nowNanos));
    if (wait > 0) {
      return wait;
    }
    if (!right) {
      charge(peer, interval, nowNanos);
      charge(peer.address(), sharedInterval, nowNanos);
    }
    return 0;
  }

  private long waitFor(Object bucket, long intervalNanos, long nowNanos) {
    Long wholeAt = wholeAtNanos.get(bucket);
    return wholeAt == null
        ? 0
        : Math.max(0, wholeAt - nowNanos + intervalNanos - BURST * INTERVAL_NANOS);
  }

  private void charge(Object bucket, long intervalNanos, long nowNanos) {
    wholeAtNanos.merge(
        bucket,
        nowNanos + intervalNanos,
        (wholeAt, fresh) -> wholeAt - nowNanos < 0 ? fresh : wholeAt + intervalNanos);
  }

  /** Number of buckets in memory, max {@value #MAX_BUCKETS}. */
  synchronized int buckets() {
    return wholeAtNanos.size();
  }
}
