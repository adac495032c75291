package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.allowed;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.blocked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;

/** The token bucket; by default one unit per second and a burst of ten. */
interface TokenBucketContract extends HasLimiter {

  Rule BUCKET = Rules.enforcing(1, Rules.bucket(60, 60, 10));

  @Test
  default void aBucketTakesUpToItsBurstAndRefillsContinuously() {
    Scene scene = scene(BUCKET);
    assertThat(scene.take(4)).isEqualTo(allowed(6, 4 * SECOND, SECOND));
    assertThat(scene.at(1).take(6)).isEqualTo(allowed(0, 10 * SECOND, SECOND - 1));
    assertThat(scene.at(2).take(1)).isEqualTo(blocked(0, SECOND - 2, 10 * SECOND, SECOND - 2));
    assertThat(scene.at(3 * SECOND).take(5)).isEqualTo(blocked(3, 2 * SECOND, 10 * SECOND, SECOND));
    assertThat(scene.at(3 * SECOND + 500_000).take(1)).isEqualTo(allowed(2, 11 * SECOND, 500_000));
  }

  @Test
  default void aBucketAllowsAtTheMicrosecondAtWhichItsUnitIsBack() {
    Scene scene = scene(BUCKET);
    scene.take(10);
    assertThat(scene.at(SECOND - 1).take(1)).isEqualTo(blocked(0, 1, 10 * SECOND, 1));
    assertThat(scene.at(SECOND).take(1)).isEqualTo(allowed(0, 11 * SECOND, SECOND));
  }

  @Test
  default void aBucketNeverHoldsMoreThanItsBurst() {
    Scene scene = scene(BUCKET);
    scene.take(10);
    assertThat(scene.at(1_000 * SECOND).peek()).isEqualTo(allowed(10, 1_000 * SECOND, SECOND));
    assertThat(scene.take(10).allowed()).isTrue();
    assertThat(scene.at(1_000 * SECOND + 1).take(1).allowed()).isFalse();
  }

  @Test
  default void aBurstAboveTheLimitPassesAtOnce() {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(10, 60, 25)));
    assertThat(scene.take(25)).isEqualTo(allowed(0, 150 * SECOND, 6 * SECOND));
    assertThat(scene.at(6 * SECOND).take(1).allowed()).isTrue();
  }

  @Test
  default void aPeekAtABucketTakesNothing() {
    Scene scene = scene(BUCKET);
    assertThat(scene.peek()).isEqualTo(allowed(10, 0, SECOND));
    scene.take(9);
    assertThat(scene.peek().allowed()).isTrue();
    assertThat(scene.peek().remaining()).isEqualTo(1);
    scene.take(1);
    assertThat(scene.at(5).peek()).isEqualTo(blocked(0, SECOND - 5, 10 * SECOND, SECOND - 5));
  }

  @Test
  default void aCostAboveTheBurstIsNeverPossibleInABucket() {
    Scene scene = scene(BUCKET);
    Decision.Blocked decision = (Decision.Blocked) scene.check(11);
    assertThat(decision.reason()).isEqualTo(BlockReason.COST_EXCEEDS_LIMIT);
    assertThat(decision.retryAfterMicros()).isEqualTo(Evaluated.NEVER);
    assertThat(scene.left()).isEqualTo(10);
  }

  @Test
  default void aRateThatDoesNotDivideEvenlyIsRoundedAgainstTheClient() {
    // 7 units in 60 s: the unit is back after 8 571 428.57… µs.
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(7, 60, 7)));
    assertThat(scene.take(7)).isEqualTo(allowed(0, 60 * SECOND, 8_571_429));
    assertThat(scene.at(8_571_428).take(1).allowed()).isFalse();
    assertThat(scene.at(8_571_429).take(1).allowed()).isTrue();
  }
}
