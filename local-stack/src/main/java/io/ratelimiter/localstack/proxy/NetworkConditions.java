package io.ratelimiter.localstack.proxy;

import java.util.OptionalInt;
import java.util.Random;

/** The current faults of a {@link TcpProxy}. Thread-safe. */
final class NetworkConditions {

  /** What happens to bytes. */
  enum State {
    PASSING,
    STALLED,
    BLACKHOLE,
    CUT
  }

  private static final long UNLIMITED = Long.MAX_VALUE;

  private State state = State.PASSING;
  private long minDelayNanos;
  private long maxDelayNanos;
  private Random random = new Random(0);
  private long replyBytesPerSecond = UNLIMITED;
  private long replyBytesUntilCut = UNLIMITED;

  synchronized void change(State next) {
    state = next;
    notifyAll();
  }

  synchronized void delayReplies(long minNanos, long maxNanos, long seed) {
    if (minNanos < 0 || maxNanos < minNanos) {
      throw new IllegalArgumentException("delay from " + minNanos + " to " + maxNanos + " ns");
    }
    minDelayNanos = minNanos;
    maxDelayNanos = maxNanos;
    random = new Random(seed);
  }

  synchronized void limitReplies(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException(bytesPerSecond + " bytes a second");
    }
    replyBytesPerSecond = bytesPerSecond;
  }

  synchronized void cutReplyAfter(long bytes) {
    replyBytesUntilCut = bytes;
  }

  /** Removes all faults. */
  synchronized void clear() {
    minDelayNanos = 0;
    maxDelayNanos = 0;
    replyBytesPerSecond = UNLIMITED;
    replyBytesUntilCut = UNLIMITED;
    change(State.PASSING);
  }

  /** Blocks while the network is stalled; returns the state after that. */
  synchronized State awaitNotStalled() throws InterruptedException {
    while (state == State.STALLED) {
      wait();
    }
    return state;
  }

  synchronized long nextDelayNanos() {
    return maxDelayNanos == 0
        ? 0
        : minDelayNanos + random.nextLong(maxDelayNanos - minDelayNanos + 1);
  }

  /** Duration of this many reply bytes at the current rate. */
  synchronized long transferNanos(int bytes) {
    return replyBytesPerSecond == UNLIMITED ? 0 : bytes * 1_000_000_000L / replyBytesPerSecond;
  }

  /** How many of these reply bytes pass before the connection is cut; empty if it is not cut. */
  synchronized OptionalInt cutWithin(int bytes) {
    if (bytes < replyBytesUntilCut) {
      replyBytesUntilCut -= replyBytesUntilCut == UNLIMITED ? 0 : bytes;
      return OptionalInt.empty();
    }
    int passing = Math.toIntExact(replyBytesUntilCut);
    replyBytesUntilCut = UNLIMITED;
    return OptionalInt.of(passing);
  }
}
