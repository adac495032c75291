package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Drives the store and the reference model with the same random checks, refunds, resets, rule
 * changes and clock jumps, and compares every field of every answer.
 *
 * <p>{@code -Ddifferential.steps=1000000 -Ddifferential.seed=7} sets the number and the seed.
 */
@LocalStack
class DifferentialIT {

  private static final int STEPS = Integer.getInteger("differential.steps", 100_000);
  private static final long SEED = Long.getLong("differential.seed", 20_261_124L);

  @Test
  @Tag("full")
  void redis62AndTheModelAgreeOnEveryField(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    runOn(server);
  }

  @Test
  @Tag("full")
  void redis7AndTheModelAgreeOnEveryField(@RedisFrom(RedisBinary.INSTALLED) RedisServer server) {
    runOn(server);
  }

  private static void runOn(RedisServer server) {
    System.out.println("differential: seed " + SEED + ", " + STEPS + " steps");
    try (RedisUnderTest redis = new RedisUnderTest(server)) {
      redis.connection().sync().flushall();
      Differential run = new Differential(redis, SEED);
      for (int i = 0; i < STEPS; i++) {
        run.step();
      }
      // Each kind of answer must have occurred.
      assertThat(run.counts()).allSatisfy((what, count) -> assertThat(count).as(what).isPositive());
      System.out.println("differential: " + run.counts());
    }
  }
}
