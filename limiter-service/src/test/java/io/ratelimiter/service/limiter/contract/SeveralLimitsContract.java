package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.remaining;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.contract.Scene.Seen;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several limits of one check: all or nothing; shadow limits change nothing. */
interface SeveralLimitsContract extends HasLimiter {

  private static List<Boolean> charged(Decision decision) {
    return decision.limits().stream().map(limit -> ((Evaluated) limit).charged()).toList();
  }

  @ParameterizedTest
  @EnumSource
  default void ifTheLastLimitBlocksNoneIsCharged(Algorithm algorithm) {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(algorithm, 100, 60)),
            Rules.enforcing(2, Rules.policy(Algorithm.TOKEN_BUCKET, 50, 60)),
            Rules.enforcing(3, Rules.policy(Algorithm.FIXED_WINDOW, 3, 60)));
    assertThat(remaining(scene.check(3))).containsExactly(97L, 47L, 0L);
    Decision blocked = scene.check(1);
    assertThat(blocked).isInstanceOf(Decision.Blocked.class);
    assertThat(remaining(blocked)).containsExactly(97L, 47L, 0L);
    assertThat(charged(blocked)).containsOnly(false);
    assertThat(Scene.seen(blocked)).extracting(Seen::allowed).containsExactly(true, true, false);
    assertThat(remaining(scene.check(0))).containsExactly(97L, 47L, 0L);
  }

  @ParameterizedTest
  @EnumSource
  default void ifTheFirstLimitBlocksNoneIsCharged(Algorithm algorithm) {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(algorithm, 3, 60)),
            Rules.enforcing(2, Rules.policy(algorithm, 100, 60)));
    scene.check(3);
    assertThat(charged(scene.check(1))).containsExactly(false, false);
    assertThat(remaining(scene.check(0))).containsExactly(0L, 97L);
  }

  @Test
  default void theLongestRetryOfTheBlockingLimitsIsReturned() {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 1, 60)),
            Rules.enforcing(2, Rules.policy(Algorithm.FIXED_WINDOW, 1, 3_600)),
            Rules.enforcing(3, Rules.policy(Algorithm.FIXED_WINDOW, 9, 86_400)));
    scene.check(1);
    Decision.Blocked blocked = (Decision.Blocked) scene.at(10 * SECOND).check(1);
    assertThat(blocked.reason()).isEqualTo(BlockReason.LIMIT_EXCEEDED);
    assertThat(blocked.retryAfterMicros()).isEqualTo(3_590 * SECOND);
    assertThat(blocked.top()).isEqualTo(blocked.limits().get(1));
  }

  @Test
  default void aCostAboveOneLimitWinsOverALongRetry() {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 10, 86_400)),
            Rules.enforcing(2, Rules.policy(Algorithm.TOKEN_BUCKET, 5, 1)));
    scene.check(5);
    Decision.Blocked blocked = (Decision.Blocked) scene.check(6);
    assertThat(blocked.reason()).isEqualTo(BlockReason.COST_EXCEEDS_LIMIT);
    assertThat(blocked.top()).isEqualTo(blocked.limits().get(1));
  }

  @Test
  default void anAllowedAnswerShowsTheLimitWithTheLeastShareLeft() {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 1_000, 60)),
            Rules.enforcing(2, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60)),
            Rules.enforcing(3, Rules.policy(Algorithm.FIXED_WINDOW, 10, 3_600)));
    LimitOutcome top = scene.check(1).top();
    assertThat(top).isNotNull();
    assertThat(top.rule().id()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  default void aShadowLimitThatBlocksChangesNothing(Algorithm algorithm) {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(algorithm, 10, 60)),
            Rules.shadow(2, Rules.policy(algorithm, 2, 60)));
    assertThat(charged(scene.check(2))).containsExactly(true, true);
    Decision decision = scene.check(1);
    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    assertThat(charged(decision)).containsExactly(true, false);
    assertThat(Scene.seen(decision)).extracting(Seen::allowed).containsExactly(true, false);
    assertThat(remaining(decision)).containsExactly(7L, 0L);
    assertThat(decision.top()).isEqualTo(decision.limits().getFirst());
  }

  @Test
  default void aShadowLimitIsNotChargedWhenTheCheckIsBlocked() {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 1, 60)),
            Rules.shadow(2, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60)));
    scene.check(1);
    Decision blocked = scene.check(1);
    assertThat(charged(blocked)).containsExactly(false, false);
    assertThat(remaining(blocked)).containsExactly(0L, 9L);
  }

  @Test
  default void aCostAboveAShadowLimitDoesNotBlock() {
    Scene scene =
        scene(
            Rules.enforcing(1, Rules.policy(Algorithm.TOKEN_BUCKET, 10, 60)),
            Rules.shadow(2, Rules.policy(Algorithm.TOKEN_BUCKET, 2, 60)));
    assertThat(scene.check(5)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  default void shadowLimitsAloneAllowAndShowNoLimit() {
    Scene scene = scene(Rules.shadow(1, Rules.policy(Algorithm.FIXED_WINDOW, 1, 60)));
    assertThat(scene.check(1)).isInstanceOf(Decision.Allowed.class);
    Decision second = scene.check(1);
    assertThat(second).isInstanceOf(Decision.Allowed.class);
    assertThat(second.top()).isNull();
    assertThat(Scene.first(second).allowed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  default void aWildcardRuleCountsEachLimitKeyOnItsOwn(Algorithm algorithm) {
    Scene scene = scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60)));
    scene.limitKey("/a").take(4);
    assertThat(scene.limitKey("/b").left()).isEqualTo(10);
    assertThat(scene.limitKey("/a").left()).isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource
  default void aSharedRuleCountsAllLimitKeysTogether(Algorithm algorithm) {
    Scene scene = scene(Rules.shared(1, Rules.policy(algorithm, 10, 60)));
    scene.limitKey("/a").take(4);
    assertThat(scene.limitKey("/b").take(3).remaining()).isEqualTo(3);
  }

  @Test
  default void clientsAreCountedOnTheirOwn() {
    Rule rule = Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60));
    scene(rule).take(10);
    assertThat(scene(rule).left()).isEqualTo(10);
  }

  @Test
  default void thirtyTwoLimitsOfAllAlgorithmsAreDecidedAtOnce() {
    Rule[] rules = new Rule[32];
    for (int i = 0; i < 32; i++) {
      rules[i] = Rules.enforcing(i + 1, Rules.policy(Algorithm.values()[i % 4], 40 - i, 60));
    }
    Scene scene = scene(rules);
    assertThat(charged(scene.check(9))).hasSize(32).containsOnly(true);
    Decision blocked = scene.check(1);
    assertThat(charged(blocked)).hasSize(32).containsOnly(false);
    assertThat(Scene.seen(blocked)).extracting(Seen::allowed).startsWith(true).endsWith(false);
  }
}
