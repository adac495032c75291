package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.allowed;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.blocked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;

/** The sliding counter: about ten units in any minute. */
interface SlidingWindowCounterContract extends HasLimiter {

  Rule COUNTER = Rules.enforcing(1, Rules.policy(Algorithm.SLIDING_WINDOW_COUNTER, 10, 60));

  @Test
  default void aCounterWeighsThePreviousWindowByThePartStillInSight() {
    Scene scene = scene(COUNTER).at(30 * SECOND);
    // A unit alone weighs one until it is out of sight, at the end of the next window.
    assertThat(scene.take(1)).isEqualTo(allowed(9, 120 * SECOND, 90 * SECOND));
    // Seven of them become six as soon as a seventh of the next window has passed.
    assertThat(scene.take(6)).isEqualTo(allowed(3, 120 * SECOND, 38_571_429));
    // A third of the next window has gone: two thirds of 7 are 4.67, counted as 5.
    assertThat(scene.at(80 * SECOND).take(5).remaining()).isZero();
    assertThat(scene.at(81 * SECOND).take(1).allowed()).isFalse();
  }

  @Test
  default void aCounterBlocksUntilTheEstimateAllowsTheCost() {
    Scene scene = scene(COUNTER);
    scene.take(10);
    assertThat(scene.at(60 * SECOND).take(1))
        .isEqualTo(blocked(0, 6 * SECOND, 120 * SECOND, 6 * SECOND));
    assertThat(scene.at(66 * SECOND - 1).take(1).allowed()).isFalse();
    assertThat(scene.at(66 * SECOND).take(1)).isEqualTo(allowed(0, 180 * SECOND, 6 * SECOND));
    // Of the window before nothing may be in sight any more, and of this one nine.
    assertThat(scene.at(67 * SECOND).take(10).retryAfter()).isEqualTo(113 * SECOND);
  }

  @Test
  default void aFullCurrentWindowMustLeaveSightInPartItself() {
    Scene scene = scene(COUNTER).at(15 * SECOND);
    scene.take(10);
    assertThat(scene.at(20 * SECOND).take(5))
        .isEqualTo(blocked(0, 70 * SECOND, 120 * SECOND, 46 * SECOND));
    assertThat(scene.at(90 * SECOND - 1).take(5).allowed()).isFalse();
    assertThat(scene.at(90 * SECOND).take(5).allowed()).isTrue();
  }

  @Test
  default void aCounterForgetsAfterTwoWindows() {
    Scene scene = scene(COUNTER);
    scene.take(10);
    assertThat(scene.at(120 * SECOND - 1).left()).isEqualTo(9);
    assertThat(scene.at(120 * SECOND).peek())
        .isEqualTo(allowed(10, 120 * SECOND, 60 * SECOND + 60 * SECOND));
  }

  @Test
  default void aPeekAtACounterTakesNothing() {
    Scene scene = scene(COUNTER).at(30 * SECOND);
    scene.take(10);
    assertThat(scene.at(31 * SECOND).peek())
        .isEqualTo(blocked(0, 35 * SECOND, 120 * SECOND, 35 * SECOND));
    assertThat(scene.at(66 * SECOND).peek()).isEqualTo(allowed(1, 120 * SECOND, 6 * SECOND));
    assertThat(scene.peek().remaining()).isEqualTo(1);
  }

  @Test
  default void aCostAboveTheLimitIsNeverPossibleInACounter() {
    Scene scene = scene(COUNTER);
    assertThat(((Decision.Blocked) scene.check(11)).reason())
        .isEqualTo(BlockReason.COST_EXCEEDS_LIMIT);
    assertThat(scene.left()).isEqualTo(10);
  }
}
