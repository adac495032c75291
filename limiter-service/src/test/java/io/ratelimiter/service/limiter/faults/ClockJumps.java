package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Clients who ask for five times what they are granted, from a store whose clock jumps once. They
 * live by the true time.
 */
final class ClockJumps {

  static final int LIMIT = 20;
  private static final long SECOND = 1_000_000;
  private static final int ASKS_PER_WINDOW = 5 * LIMIT;
  private static final int WINDOWS = 5;

  /** After the real clock. */
  private static final long START = 46_297L * 86_400 * SECOND;

  /**
   * What a client got.
   *
   * @param most units in any window's length of true time
   * @param longestMicros longest wait between two grants
   */
  record Got(int most, long longestMicros) {}

  private final TimedLimiter store;
  private final Algorithm algorithm;
  private final long window;
  private final Match match;
  private final String name;
  private int clients;

  ClockJumps(TimedLimiter store, Algorithm algorithm, int windowSeconds) {
    this.store = store;
    this.algorithm = algorithm;
    this.window = windowSeconds * SECOND;
    this.match = Rules.match(Rules.enforcing(1, Rules.policy(algorithm, LIMIT, windowSeconds)));
    this.name = algorithm + "-" + windowSeconds + "-";
  }

  /**
   * The most that any window's length of time may see without a jump: twice the limit at an edge.
   */
  int most() {
    return algorithm == Algorithm.SLIDING_WINDOW ? LIMIT : 2 * LIMIT;
  }

  int checks() {
    return clients * WINDOWS * ASKS_PER_WINDOW;
  }

  /** One client's time: the clock jumps by {@code jump} when {@code jumpAfter} has passed; µs. */
  Got play(long phase, long jumpAfter, long jump) {
    Check check = new Check("default", name + clients++, "key", 1);
    Deque<Long> granted = new ArrayDeque<>();
    int most = 0;
    long longest = 0;
    long last = 0;
    for (long time = 0; time < WINDOWS * window; time += window / ASKS_PER_WINDOW) {
      long clock = START + phase + time + (time < jumpAfter ? 0 : jump);
      if (store.check(clock, check, match) instanceof Decision.Allowed) {
        granted.addLast(time);
        longest = Math.max(longest, time - last);
        last = time;
      }
      while (!granted.isEmpty() && granted.getFirst() <= time - window) {
        granted.removeFirst();
      }
      most = Math.max(most, granted.size());
    }
    return new Got(most, Math.max(longest, WINDOWS * window - last));
  }
}
