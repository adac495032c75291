package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settlements, by default under a limit of ten units per minute. */
interface SettlementContract extends HasLimiter {

  private Scene minute(Algorithm algorithm) {
    return scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60))).settling();
  }

  private Scene overdrawn(Algorithm algorithm, long overdraft) {
    return scene(Rules.rule(1, Rules.policy(algorithm, 10, 60)).overdraft(overdraft).limit())
        .settling();
  }

  @ParameterizedTest
  @EnumSource
  default void lessThanTheEstimateIsGivenBack(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(8);
    Adjustment.Limit settled = scene.settled(3);
    assertThat(settled.givenBack()).isEqualTo(5);
    assertThat(settled.taken()).isZero();
    assertThat(settled.remaining()).isEqualTo(7);
    assertThat(scene.left()).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource
  default void moreThanTheEstimateIsChargedUpToTheCapacity(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(2);
    Adjustment.Limit settled = scene.settled(15);
    assertThat(settled.taken()).isEqualTo(8);
    assertThat(settled.uncharged()).isEqualTo(5);
    assertThat(scene.left()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  default void theOverdraftIsChargedBeyondTheCapacity(Algorithm algorithm) {
    Scene scene = overdrawn(algorithm, 20);
    scene.take(2);
    Adjustment.Limit settled = scene.settled(33);
    assertThat(settled.taken()).isEqualTo(28);
    assertThat(settled.uncharged()).isEqualTo(3);
    assertThat(settled.remaining()).isZero();
    assertThat(scene.take(1).allowed()).isFalse();
  }

  @Test
  default void anOverdraftOfABucketDrainsBeforeTheNextCheckPasses() {
    // A unit takes 6 s; 30 are charged at 1 µs, so the next passes when 21 are back.
    Scene scene = overdrawn(Algorithm.TOKEN_BUCKET, 20);
    scene.take(1);
    scene.settled(30);
    assertThat(scene.at(126 * SECOND).take(1).allowed()).isFalse();
    assertThat(scene.at(126 * SECOND + 1).take(1).allowed()).isTrue();
  }

  @Test
  default void anOverdraftOfALogLeavesWithItsWindow() {
    Scene scene = overdrawn(Algorithm.SLIDING_WINDOW, 20);
    scene.take(1);
    scene.at(10 * SECOND).settled(30);
    assertThat(scene.at(11 * SECOND).take(1).retryAfter()).isEqualTo(59 * SECOND);
    assertThat(scene.at(70 * SECOND).take(10).allowed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  default void aDecisionIsSettledOnce(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(8);
    Settlement first = scene.settle(3).orElseThrow();
    Settlement again = scene.at(SECOND).settle(1).orElseThrow();
    assertThat(first.adjustment().applied()).isTrue();
    assertThat(again.adjustment().applied()).isFalse();
    assertThat(again.cost()).isEqualTo(3);
    assertThat(again.adjustment().limits()).isEqualTo(first.adjustment().limits());
    assertThat(again.check().cost()).isEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource
  default void aSettlementAtTheEstimateChangesNothing(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(4);
    Adjustment.Limit settled = scene.settled(4);
    assertThat(settled.givenBack()).isZero();
    assertThat(settled.taken()).isZero();
    assertThat(scene.left()).isEqualTo(6);
  }

  @Test
  default void anUnknownDecisionIsNotSettled() {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(10, 60, 10)));
    scene.take(4);
    assertThat(scene.settle(1)).isEmpty();
    scene.settling().take(4);
    assertThat(scene.client("another").settle(1)).isEmpty();
  }

  @Test
  default void aBlockedCheckHasNothingToSettle() {
    Scene scene = minute(Algorithm.TOKEN_BUCKET);
    assertThat(scene.check(11)).isInstanceOf(Decision.Blocked.class);
    assertThat(scene.settle(1)).isEmpty();
  }

  @Test
  default void theRulesAtTheTimeOfTheCheckAreSettled() {
    Scene scene = minute(Algorithm.FIXED_WINDOW);
    scene.take(8);
    Rule other = Rules.enforcing(2, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60));
    scene.rules(other);
    assertThat(scene.settled(3).rule().id()).isEqualTo(1);
    assertThat(scene.left()).isEqualTo(10);
    scene.rules(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60)));
    assertThat(scene.left()).isEqualTo(7);
  }

  @Test
  default void onlyLimitsThatWereChargedAreSettled() {
    Rule shadow = Rules.shadow(2, Rules.policy(Algorithm.FIXED_WINDOW, 3, 60));
    Scene scene =
        scene(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60)), shadow).settling();
    scene.check(4);
    assertThat(scene.settle(1).orElseThrow().adjustment().limits()).hasSize(1);
    scene.check(2);
    assertThat(scene.settle(1).orElseThrow().adjustment().limits())
        .extracting(Adjustment.Limit::givenBack)
        .containsExactly(1L, 1L);
  }

  @Test
  default void aSettlementKeepsTheDebtOfWaitingChecks() {
    Scene scene =
        scene(Rules.rule(1, Rules.bucket(60, 60, 10)).maxWait(20_000).limit())
            .with(new CheckOptions(Priority.NORMAL, 20_000, 60_000, null));
    scene.check(10);
    scene.at(1).check(10);
    scene.at(2).check(5);
    assertThat(scene.at(3).settled(4).givenBack()).isEqualTo(1);
    assertThat(scene.at(15 * SECOND - 1).left()).isZero();
    assertThat(scene.at(15 * SECOND).left()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  default void aSettlementAfterTheClockWentBackIsRebased(Algorithm algorithm) {
    Scene scene = minute(algorithm).at(7_200 * SECOND);
    scene.take(8);
    Adjustment.Limit settled = scene.at(10 * SECOND).settled(8);
    assertThat(settled.rebased()).isTrue();
    assertThat(Scene.first(scene.at(11 * SECOND).check(1)).rebased()).isFalse();
    assertThat(scene.take(3).allowed()).isFalse();
  }

  @Test
  default void severalLimitsAreSettledTogether() {
    Scene scene =
        scene(
                Rules.enforcing(1, Rules.bucket(10, 60, 10)),
                Rules.enforcing(2, Rules.policy(Algorithm.SLIDING_WINDOW, 20, 60)),
                Rules.countedBy(3, Rules.policy(Algorithm.FIXED_WINDOW, 30, 60), "ip"))
            .from("10.0.0.1")
            .settling();
    scene.check(5);
    Settlement settled = scene.settle(2).orElseThrow();
    assertThat(settled.adjustment().limits())
        .extracting(Adjustment.Limit::remaining)
        .containsExactly(8L, 18L, 28L);
    assertThat(settled.check().attributes().get("ip")).isEqualTo("10.0.0.1");
    assertThat(settled.check().limitKey()).isEqualTo("global");
  }
}
