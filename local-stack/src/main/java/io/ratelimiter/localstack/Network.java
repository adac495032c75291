package io.ratelimiter.localstack;

import java.util.OptionalInt;
import java.util.Random;

/** How the network of a {@link TcpProxy} is at this moment. */
final class Network {

  /** What happens to bytes. */
  enum State {
    PASSING,
    STALLED,
    BLACKHOLE,
    CUT
  }

  private static final long UNLIMITED = Long.MAX_VALUE;

  private State state = State.PASSING;
  private long leastDelayNanos;
  private long mostDelayNanos;
  private Random random = new Random(0);
  private long replyBytesPerSecond = UNLIMITED;
  private long replyBytesUntilCut = UNLIMITED;

  synchronized void become(State next) {
    state = next;
    notifyAll();
  }

  synchronized void delayReplies(long leastNanos, long mostNanos, long seed) {
    if (leastNanos < 0 || mostNanos < leastNanos) {
      throw new IllegalArgumentException("delay from " + leastNanos + " to " + mostNanos + " ns");
    }
    leastDelayNanos = leastNanos;
    mostDelayNanos = mostNanos;
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

  synchronized void heal() {
    leastDelayNanos = 0;
    mostDelayNanos = 0;
    replyBytesPerSecond = UNLIMITED;
    replyBytesUntilCut = UNLIMITED;
    become(State.PASSING);
  }

  /** Waits while the network is stalled; then says what it is. */
  synchronized State whenNotStalled() throws InterruptedException {
    while (state == State.STALLED) {
      wait();
    }
    return state;
  }

  synchronized long nextDelayNanos() {
    return mostDelayNanos == 0
        ? 0
        : leastDelayNanos + random.nextLong(mostDelayNanos - leastDelayNanos + 1);
  }

  /** How long this many bytes of a reply take. */
  synchronized long transferNanos(int bytes) {
    return replyBytesPerSecond == UNLIMITED ? 0 : bytes * 1_000_000_000L / replyBytesPerSecond;
  }

  /** After how many of these bytes of a reply the connection is cut; empty if it is not. */
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
