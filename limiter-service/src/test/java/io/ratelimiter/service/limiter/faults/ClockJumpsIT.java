package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.service.limiter.faults.ClockJumps.Granted;
import io.ratelimiter.service.limiter.redis.RedisUnderTest;
import io.ratelimiter.service.rules.Algorithm;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * R8: the store's clock jumps by an hour. Each client is compared with one whose store's clock does
 * not jump.
 */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockJumpsIT {

  private static final long HOUR = 3_600_000_000L;
  private static final long SEED = 20_261_124L;
  private static final int RUNS = 2;

  private final RedisUnderTest redis;

  ClockJumpsIT(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    redis = new RedisUnderTest(server);
  }

  @AfterAll
  void close() {
    redis.close();
  }

  /** Windows shorter than the jump, where the key is rebased, and longer ones, where it waits. */
  @ParameterizedTest
  @CsvSource({
    "TOKEN_BUCKET, 60",
    "FIXED_WINDOW, 60",
    "SLIDING_WINDOW, 60",
    "SLIDING_WINDOW_COUNTER, 60",
    "TOKEN_BUCKET, 7200",
    "FIXED_WINDOW, 7200",
    "SLIDING_WINDOW, 7200",
    "SLIDING_WINDOW_COUNTER, 7200"
  })
  void r8AClockThatJumpsGrantsNothingTwiceAndBlocksNoLongerThanAWindow(
      Algorithm algorithm, int windowSeconds) {
    Random random = new Random(SEED);
    ClockJumps jumps = new ClockJumps(redis, algorithm, windowSeconds);
    long window = windowSeconds * 1_000_000L;
    for (int run = 0; run < RUNS; run++) {
      long phase = random.nextLong(window);
      long jumpAfter = window + random.nextLong(window);
      Granted without = jumps.play(phase, jumpAfter, 0);
      Granted back = jumps.play(phase, jumpAfter, -HOUR);
      Granted ahead = jumps.play(phase, jumpAfter, HOUR);
      String as =
          "seed %d, run %d: %s, back %s, ahead %s".formatted(SEED, run, without, back, ahead);
      assertThat(without.max()).as(as).isLessThanOrEqualTo(jumps.max());
      assertThat(back.max()).as(as).isLessThanOrEqualTo(jumps.max());
      assertThat(ahead.max()).as(as).isLessThanOrEqualTo(jumps.max() + ClockJumps.LIMIT);
      assertThat(back.longestMicros()).as(as).isLessThanOrEqualTo(without.longestMicros() + window);
      assertThat(ahead.longestMicros()).as(as).isLessThanOrEqualTo(window);
    }
  }
}
