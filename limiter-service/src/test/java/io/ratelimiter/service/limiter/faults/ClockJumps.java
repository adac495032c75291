package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * Clients that request five times their limit from a store whose clock jumps once. The clients use
 * the true time.
 */
final class ClockJumps {

  static final int LIMIT = 20;
  private static final long SECOND = 1_000_000;
  private static final int ASKS_PER_WINDOW = 5 * LIMIT;
  private static final int WINDOWS = 5;

  /** Later than the real clock. */
  private static final long START = 46_297L * 86_400 * SECOND;

  /**
   * What a client was granted.
   *
   * @param max max units in any window's length of true time
   * @param longestMicros longest wait between two grants
   */
  record Granted(int max, long longestMicros) {}

  /**
   * The worst results of a jump back and a jump ahead.
   *
   * @param back max units beyond the bound after a jump back
   * @param ahead max units beyond the bound after a jump ahead
   * @param waitPercent max additional wait after a jump back, percent of the window
   */
  record Worst(int checks, long back, long ahead, long waitPercent) {}

  /** Plays all algorithms with a short and a long window, each this many times. */
  static Worst worst(TimedLimiter store, int runs, Duration jump, long seed) {
    int checks = 0;
    long back = 0;
    long ahead = 0;
    long wait = 0;
    Random random = new Random(seed);
    for (Algorithm algorithm : Algorithm.values()) {
      for (int seconds : new int[] {60, 7_200}) {
        ClockJumps jumps = new ClockJumps(store, algorithm, seconds);
        for (int run = 0; run < runs; run++) {
          long phase = random.nextLong(jumps.window);
          long after = jumps.window + random.nextLong(jumps.window);
          Granted without = jumps.play(phase, after, 0);
          Granted withBack = jumps.play(phase, after, -jump.toNanos() / 1_000);
          Granted withAhead = jumps.play(phase, after, jump.toNanos() / 1_000);
          back = Math.max(back, withBack.max() - jumps.max());
          ahead = Math.max(ahead, withAhead.max() - jumps.max());
          long longer = withBack.longestMicros() - without.longestMicros();
          wait = Math.max(wait, 100 * longer / jumps.window);
        }
        checks += jumps.checks();
      }
    }
    return new Worst(checks, back, ahead, wait);
  }

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
   * Max units granted in any window's length of time without a jump: twice the limit at an edge.
   */
  int max() {
    return algorithm == Algorithm.SLIDING_WINDOW ? LIMIT : 2 * LIMIT;
  }

  int checks() {
    return clients * WINDOWS * ASKS_PER_WINDOW;
  }

  /** Plays one client; the clock jumps by {@code jump} after {@code jumpAfter}, microseconds. */
  Granted play(long phase, long jumpAfter, long jump) {
    Check check = new Check("default", name + clients++, "key", 1);
    Deque<Long> granted = new ArrayDeque<>();
    int max = 0;
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
      max = Math.max(max, granted.size());
    }
    return new Granted(max, Math.max(longest, WINDOWS * window - last));
  }
}
