package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.remaining;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.contract.Scene.Seen;
import io.ratelimiter.service.rules.Algorithm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters that several clients share, beside those of each client. */
interface SeveralClientsContract extends HasLimiter {

  /** A limit of each client, and then one of all clients together. */
  private Scene ownAndShared(Algorithm algorithm, long own, long shared) {
    return scene(
        Rules.enforcing(1, Rules.policy(algorithm, own, 60)),
        Rules.countedBy(2, Rules.policy(algorithm, shared, 60)));
  }

  @ParameterizedTest
  @EnumSource
  default void aRuleWithAnEmptyByCountsAllClientsTogether(Algorithm algorithm) {
    Scene scene = scene(Rules.countedBy(1, Rules.policy(algorithm, 10, 60)));
    scene.client("a").take(4);
    assertThat(scene.client("b").limitKey("/b").take(6).remaining()).isZero();
    Seen blocked = scene.client("c").take(1);
    assertThat(blocked.allowed()).isFalse();
    assertThat(blocked.retryAfter()).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  default void aRuleByAnAttributeCountsEachValueOnItsOwn(Algorithm algorithm) {
    Scene scene = scene(Rules.countedBy(1, Rules.policy(algorithm, 10, 60), "ip"));
    scene.client("a").from("10.0.0.1").take(4);
    assertThat(scene.client("b").from("10.0.0.2").left()).isEqualTo(10);
    assertThat(scene.client("b").from("10.0.0.1").left()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource
  default void aRuleByClientAndAttributeCountsEachPairOnItsOwn(Algorithm algorithm) {
    Scene scene = scene(Rules.countedBy(1, Rules.policy(algorithm, 10, 60), "client_id", "ip"));
    scene.client("a").from("10.0.0.1").take(4);
    assertThat(scene.client("b").from("10.0.0.1").left()).isEqualTo(10);
    assertThat(scene.client("a").from("10.0.0.2").left()).isEqualTo(10);
    assertThat(scene.client("a").from("10.0.0.1").limitKey("/b").left()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource
  default void aClientsOwnLimitThatBlocksLeavesTheSharedOneUntouched(Algorithm algorithm) {
    Scene scene = ownAndShared(algorithm, 2, 10);
    scene.client("a").take(2);
    assertThat(scene.check(1)).isInstanceOf(Decision.Blocked.class);
    assertThat(remaining(scene.client("b").check(0))).containsExactly(2L, 8L);
  }

  @ParameterizedTest
  @EnumSource
  default void aSharedLimitThatBlocksLeavesTheClientsOwnUntouched(Algorithm algorithm) {
    Scene scene = ownAndShared(algorithm, 10, 3);
    scene.client("a").take(3);
    assertThat(scene.client("b").check(1)).isInstanceOf(Decision.Blocked.class);
    assertThat(scene.left()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  default void aRefundOfOneClientGivesUnitsBackToAll(Algorithm algorithm) {
    Scene scene = ownAndShared(algorithm, 10, 10);
    scene.client("a").take(3);
    scene.client("b").take(7);
    Adjustment refund = scene.client("a").at(1).refund(4);
    assertThat(refund.limits()).extracting(Adjustment.Limit::givenBack).containsExactly(3L, 4L);
    assertThat(remaining(scene.client("b").at(2).check(0))).containsExactly(3L, 4L);
  }

  @ParameterizedTest
  @EnumSource
  default void aResetOfOneClientResetsTheCountersThatItShares(Algorithm algorithm) {
    Scene scene = ownAndShared(algorithm, 10, 10);
    scene.client("a").take(3);
    scene.client("b").take(7);
    scene.client("a").at(SECOND).reset();
    assertThat(remaining(scene.client("b").check(0))).containsExactly(3L, 10L);
  }
}
