package io.ratelimiter.service.limiter.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code retry_after} is exact: the same cost passes then, and a millisecond earlier it does not.
 * Random rules, histories and costs; {@code -Dretry.runs} and {@code -Dretry.seed} set their number
 * and seed.
 */
interface RetryAfterContract extends HasLimiter {

  int RUNS = Integer.getInteger("retry.runs", 400);
  long SEED = Long.getLong("retry.seed", 4_711L);
  long[] LIMITS = {1, 2, 3, 7, 10, 60, 997, 10_000};
  long[] WINDOWS = {1, 7, 60, 3_600, 86_400};

  @ParameterizedTest
  @EnumSource
  default void retryAfterIsExactToTheMillisecond(Algorithm algorithm) {
    Random random = new Random(SEED + algorithm.ordinal());
    int blocks = 0;
    for (int run = 0; run < RUNS; run++) {
      Rule rule = Rules.enforcing(1, policy(random, algorithm));
      blocks += retryAfterHolds(random, scene(rule), "seed " + SEED + ", run " + run, rule);
    }
    assertThat(blocks).as("blocks judged").isGreaterThan(RUNS / 2);
  }

  @Test
  default void retryAfterOfSeveralLimitsIsExactToTheMillisecond() {
    Random random = new Random(SEED - 1);
    int blocks = 0;
    for (int run = 0; run < RUNS; run++) {
      Rule[] rules = new Rule[2 + random.nextInt(3)];
      for (int i = 0; i < rules.length; i++) {
        rules[i] = Rules.enforcing(i + 1, policy(random, pick(random, Algorithm.values())));
      }
      blocks += retryAfterHolds(random, scene(rules), "seed " + SEED + ", run " + run, rules);
    }
    assertThat(blocks).as("blocks judged").isGreaterThan(RUNS / 2);
  }

  /** Checks until one is blocked, then checks again around its retry time. */
  private static int retryAfterHolds(Random random, Scene scene, String run, Rule... rules) {
    long smallest = Long.MAX_VALUE;
    long window = 0;
    for (Rule rule : rules) {
      smallest = Math.min(smallest, rule.policy().capacity());
      window = Math.max(window, rule.policy().windowMicros());
    }
    long now = random.nextLong(window);
    for (int i = 0; i < 40; i++) {
      long cost = 1 + random.nextLong(smallest);
      now += random.nextInt(3) == 0 ? random.nextLong(window / 8) : random.nextLong(2_000);
      if (scene.at(now).check(cost) instanceof Decision.Blocked blocked) {
        long retry = blocked.retryAfterMicros();
        assertThat(retry).as(run).isPositive().isNotEqualTo(Evaluated.NEVER);
        if (retry > 1_000) {
          assertThat(scene.at(now + retry - 1_000).check(cost))
              .as(run)
              .isInstanceOf(Decision.Blocked.class);
        }
        assertThat(scene.at(now + retry).check(cost)).as(run).isInstanceOf(Decision.Allowed.class);
        return 1;
      }
    }
    return 0;
  }

  private static Policy policy(Random random, Algorithm algorithm) {
    long limit = LIMITS[random.nextInt(LIMITS.length)];
    long window = WINDOWS[random.nextInt(WINDOWS.length)];
    return algorithm == Algorithm.TOKEN_BUCKET
        ? Rules.bucket(limit, window, 1 + random.nextLong(2 * limit))
        : Rules.policy(algorithm, limit, window);
  }

  private static Algorithm pick(Random random, Algorithm[] algorithms) {
    return algorithms[random.nextInt(algorithms.length)];
  }
}
