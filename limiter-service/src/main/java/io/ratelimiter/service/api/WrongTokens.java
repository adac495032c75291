package io.ratelimiter.service.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how often a peer may try a wrong admin token: a bucket for each pair of address and
 * forwarded address, and a larger one for each address, so that callers behind one proxy do not
 * lock each other out and a caller that makes up forwarded addresses gains little. In memory, of
 * this process. Thread-safe, never blocks.
 */
final class WrongTokens {

  /** Wrong tokens in a row that are compared, for one caller. */
  static final int BURST = 10;

  /** After this time another one is compared. */
  static final long INTERVAL_NANOS = 6_000_000_000L;

  /** What callers with one address may do together, as a multiple of what one may. */
  static final int SHARE = 10;

  /** Buckets that are remembered; beyond that, the one unused for longest is forgotten. */
  static final int MAX_BUCKETS = 4_096;

  /** When each bucket is whole again, in nanoseconds of the caller's clock. */
  private final Map<Object, Long> wholeAtNanos =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
          return size() > MAX_BUCKETS;
        }
      };

  /**
   * Judges one attempt and charges it if it was wrong. An attempt that has to wait charges nothing.
   *
   * @param nowNanos a monotonic time
   * @return nanoseconds after which the peer may try again; 0 when this attempt counts
   */
  synchronized long waitNanos(Peer peer, boolean right, long nowNanos) {
    long interval = INTERVAL_NANOS;
    long sharedInterval = INTERVAL_NANOS / SHARE;
    // Both buckets hold what comes back within the same time.
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

  /** Buckets in memory. */
  synchronized int buckets() {
    return wholeAtNanos.size();
  }
}
