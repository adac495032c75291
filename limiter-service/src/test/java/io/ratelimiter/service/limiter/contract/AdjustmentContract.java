package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.allowed;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Refunds and resets. */
interface AdjustmentContract extends HasLimiter {

  private Scene minute(Algorithm algorithm) {
    return scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60)));
  }

  @ParameterizedTest
  @EnumSource
  default void aRefundGivesUnitsBack(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(8);
    Adjustment adjustment = scene.refund(3);
    assertThat(adjustment.applied()).isTrue();
    assertThat(adjustment.limits()).extracting(Adjustment.Limit::givenBack).containsExactly(3L);
    assertThat(adjustment.limits()).extracting(Adjustment.Limit::remaining).containsExactly(5L);
    assertThat(scene.left()).isEqualTo(5);
    assertThat(scene.take(5).allowed()).isTrue();
    assertThat(scene.take(1).allowed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  default void aRefundNeverGivesMoreThanWasConsumed(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(4);
    assertThat(scene.refund(1_000).limits().getFirst().givenBack()).isEqualTo(4);
    assertThat(scene.left()).isEqualTo(10);
    assertThat(scene.refund(1).limits().getFirst().givenBack()).isZero();
    assertThat(scene.take(11).allowed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"FIXED_WINDOW", "SLIDING_WINDOW_COUNTER"})
  default void aRefundAffectsTheCurrentWindowOnly(Algorithm algorithm) {
    Scene scene = minute(algorithm).at(59 * SECOND);
    scene.take(6);
    scene.at(61 * SECOND).take(1);
    assertThat(scene.refund(5).limits().getFirst().givenBack()).isEqualTo(1);
  }

  @Test
  default void aRefundOfALogAffectsChargesStillInTheWindow() {
    Scene scene = minute(Algorithm.SLIDING_WINDOW);
    scene.take(6);
    scene.at(30 * SECOND).take(2);
    assertThat(scene.at(61 * SECOND).refund(5).limits().getFirst().givenBack()).isEqualTo(2);
    assertThat(scene.left()).isEqualTo(10);
  }

  @Test
  default void inALogTheNewestChargesShrink() {
    Scene scene = minute(Algorithm.SLIDING_WINDOW);
    scene.take(4);
    scene.at(10 * SECOND).take(3);
    scene.at(20 * SECOND).take(2);
    scene.at(30 * SECOND).refund(3);
    // 4 of the first and 2 of the second are left.
    assertThat(scene.peek()).isEqualTo(allowed(4, 70 * SECOND, 30 * SECOND));
    assertThat(scene.at(60 * SECOND).peek()).isEqualTo(allowed(8, 70 * SECOND, 10 * SECOND));
    assertThat(scene.at(70 * SECOND).left()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  default void chargesAfterARefundCountInFull(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(10);
    scene.refund(10);
    assertThat(scene.take(6).remaining()).isEqualTo(4);
    assertThat(scene.refund(2).limits().getFirst().remaining()).isEqualTo(6);
    assertThat(scene.refund(2).limits().getFirst().remaining()).isEqualTo(8);
    assertThat(scene.take(8).remaining()).isZero();
  }

  @Test
  default void aBucketsFractionIsGivenBackButNotCountedAsAUnit() {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(60, 60, 10)));
    scene.take(1);
    Adjustment.Limit limit = scene.at(700_000).refund(5).limits().getFirst();
    assertThat(limit.givenBack()).isZero();
    assertThat(limit.remaining()).isEqualTo(10);
    assertThat(scene.peek().resetAt()).isEqualTo(700_001);
  }

  @ParameterizedTest
  @EnumSource
  default void aRefundWithAnIdCountsOnceAndARepeatIsAnsweredTheSame(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(8);
    Adjustment first = scene.at(SECOND).refund(2, "order-7");
    Adjustment repeat = scene.at(2 * SECOND).refund(2, "order-7");
    assertThat(repeat).isEqualTo(new Adjustment(false, first.decidedAtMicros(), first.limits()));
    assertThat(scene.refund(2, "order-8").applied()).isTrue();
    assertThat(scene.refund(2).applied()).isTrue();
    assertThat(scene.refund(2).applied()).isTrue();
    assertThat(scene.left()).isEqualTo(10);
  }

  @Test
  default void anIdIsRememberedForEachLimitKey() {
    Scene scene = minute(Algorithm.FIXED_WINDOW);
    scene.limitKey("/a").take(5);
    scene.limitKey("/b").take(5);
    assertThat(scene.limitKey("/a").refund(1, "x").applied()).isTrue();
    assertThat(scene.limitKey("/b").refund(1, "x").applied()).isTrue();
    assertThat(scene.limitKey("/a").refund(1, "x").applied()).isFalse();
  }

  @Test
  default void aRefundAffectsEveryLimitIncludingShadowOnes() {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(Algorithm.TOKEN_BUCKET, 10, 60)),
            Rules.enforcing(2, Rules.policy(Algorithm.SLIDING_WINDOW, 20, 60)),
            Rules.shadow(3, Rules.policy(Algorithm.FIXED_WINDOW, 5, 60)));
    scene.check(4);
    scene.check(3);
    // The first two limits have seven units, the shadow limit four, since it blocked the second.
    assertThat(scene.refund(6).limits())
        .extracting(Adjustment.Limit::givenBack)
        .containsExactly(6L, 6L, 4L);
  }

  @ParameterizedTest
  @EnumSource
  default void aResetRemovesAllConsumption(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(7);
    Adjustment adjustment = scene.reset();
    assertThat(adjustment.limits()).extracting(Adjustment.Limit::givenBack).containsExactly(7L);
    assertThat(adjustment.limits()).extracting(Adjustment.Limit::remaining).containsExactly(10L);
    assertThat(scene.take(10)).extracting(Scene.Seen::allowed).isEqualTo(true);
  }

  @Test
  default void aResetBucketHasItsBurstLeft() {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(60, 60, 10)));
    scene.take(7);
    assertThat(scene.reset().limits().getFirst().remaining()).isEqualTo(10);
  }

  @Test
  default void aResetReachesTheGivenLimitKeyAndSharedCounters() {
    Rule each = Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60));
    Scene scene = scene(each);
    scene.limitKey("/a").take(5);
    scene.limitKey("/b").take(5);
    scene.limitKey("/a").reset();
    assertThat(scene.left()).isEqualTo(10);
    assertThat(scene.limitKey("/b").left()).isEqualTo(5);
  }
}
