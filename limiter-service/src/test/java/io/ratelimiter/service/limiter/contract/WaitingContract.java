package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.blocked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;

/** Waiting: by default one unit per second, a burst of ten and at most three seconds of waiting. */
interface WaitingContract extends HasLimiter {

  Rule BUCKET = Rules.rule(1, Rules.bucket(60, 60, 10)).maxWait(3_000).limit();

  @Test
  default void waitingChecksStartOneAfterTheOther() {
    Scene scene = scene(BUCKET).waiting(3_000);
    assertThat(scene.check(10).waitMicros()).isZero();
    assertThat(scene.check(1).waitMicros()).isEqualTo(SECOND);
    // The key's own time is 1 µs ahead of the clock by now.
    assertThat(scene.at(10).check(1).waitMicros()).isEqualTo(2 * SECOND - 10);
    assertThat(scene.at(20).check(1).waitMicros()).isEqualTo(3 * SECOND - 20);
    assertThat(scene.at(30).check(1)).isInstanceOf(Decision.Blocked.class);
  }

  @Test
  default void aCheckThatMayNotWaitIsBlockedWithTheTimeUntilItPasses() {
    Scene scene = scene(BUCKET).waiting(3_000);
    scene.check(10);
    scene.at(1).check(2);
    scene.waiting(0);
    assertThat(scene.at(2).take(1))
        .isEqualTo(blocked(0, 3 * SECOND - 2, 12 * SECOND, 3 * SECOND - 2));
    assertThat(scene.at(3 * SECOND - 1).take(1).allowed()).isFalse();
    assertThat(scene.at(3 * SECOND).take(1).allowed()).isTrue();
  }

  @Test
  default void theRuleCapsTheWaitOfTheCheck() {
    Scene scene = scene(BUCKET).waiting(30_000);
    scene.check(10);
    assertThat(scene.at(1).check(4)).isInstanceOf(Decision.Blocked.class);
    assertThat(scene.at(2).check(3).waitMicros()).isEqualTo(3 * SECOND - 2);
  }

  @Test
  default void aCheckWaitsNoLongerThanItsMaxWait() {
    Scene scene = scene(BUCKET).waiting(2_000);
    scene.check(10);
    assertThat(scene.at(1).check(3)).isInstanceOf(Decision.Blocked.class);
    assertThat(scene.at(2).check(2).waitMicros()).isEqualTo(2 * SECOND - 2);
  }

  @Test
  default void aRuleWithoutMaxWaitGrantsNone() {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(60, 60, 10))).waiting(30_000);
    scene.check(10);
    assertThat(scene.at(1).check(1)).isInstanceOf(Decision.Blocked.class);
  }

  @Test
  default void theLongestWaitOfSeveralBucketsCounts() {
    Rule slow = Rules.rule(2, Rules.bucket(30, 60, 10)).maxWait(3_000).limit();
    Scene scene = scene(BUCKET, slow).waiting(3_000);
    scene.check(10);
    // It refills half a millionth of a unit in this microsecond, rounded down.
    assertThat(scene.at(1).check(1).waitMicros()).isEqualTo(2 * SECOND);
    // The slow one would take 4 s: neither is charged.
    assertThat(scene.at(2).check(1)).isInstanceOf(Decision.Blocked.class);
    assertThat(scene.rules(BUCKET).at(3).check(1).waitMicros()).isEqualTo(2 * SECOND - 3);
  }

  @Test
  default void eachBucketHasAMaxWaitOfItsOwn() {
    Rule hasty = Rules.rule(2, Rules.bucket(60, 60, 10)).maxWait(1_000).limit();
    Scene scene = scene(BUCKET, hasty).waiting(3_000);
    scene.check(10);
    assertThat(scene.at(1).check(2)).isInstanceOf(Decision.Blocked.class);
    assertThat(scene.at(2).check(1).waitMicros()).isEqualTo(SECOND - 2);
  }

  @Test
  default void aWindowMustAllowAtOnce() {
    Rule window = Rules.enforcing(2, Rules.policy(Algorithm.FIXED_WINDOW, 11, 60));
    Scene scene = scene(BUCKET, window).waiting(3_000);
    scene.check(10);
    assertThat(scene.at(1).check(1).waitMicros()).isEqualTo(SECOND - 1);
    assertThat(scene.at(2).check(1)).isInstanceOf(Decision.Blocked.class);
  }

  @Test
  default void aShadowBucketDoesNotLengthenTheWait() {
    Rule slow = Rules.rule(2, Rules.bucket(30, 60, 10)).maxWait(3_000).shadow().limit();
    Scene scene = scene(BUCKET, slow).waiting(3_000);
    scene.check(10);
    assertThat(scene.at(1).check(1).waitMicros()).isEqualTo(SECOND - 1);
  }

  @Test
  default void aCostAboveTheCapacityIsNotWaitedFor() {
    Decision.Blocked blocked = (Decision.Blocked) scene(BUCKET).waiting(3_000).check(11);
    assertThat(blocked.reason()).isEqualTo(BlockReason.COST_EXCEEDS_LIMIT);
  }

  @Test
  default void aLowPriorityWaitsForUnitsThatAreNotReserved() {
    Rule reserved =
        Rules.rule(1, Rules.bucket(60, 60, 10)).reserve(0, 5_000).maxWait(3_000).limit();
    Scene scene = scene(reserved).with(new CheckOptions(Priority.LOW, 3_000, 0, null));
    scene.check(5);
    assertThat(scene.at(1).check(1).waitMicros()).isEqualTo(SECOND - 1);
    assertThat(scene.priority(Priority.HIGH).at(2).check(4).waitMicros()).isZero();
  }

  @Test
  default void aRefundReturnsTheUnitsOfAWaitingCheck() {
    Scene scene = scene(BUCKET).waiting(3_000);
    scene.check(10);
    scene.at(1).check(3);
    scene.at(2).refund(3);
    assertThat(scene.at(3).check(3).waitMicros()).isEqualTo(3 * SECOND - 3);
  }

  @Test
  default void theDebtOfWaitingChecksIsNotCutByOthers() {
    Scene scene = scene(BUCKET).waiting(3_000);
    scene.check(10);
    scene.at(1).check(3);
    scene.waiting(0).at(2).check(1);
    assertThat(scene.at(3 * SECOND).peek().remaining()).isZero();
    assertThat(scene.at(4 * SECOND).peek().remaining()).isEqualTo(1);
  }

  @Test
  default void theDebtIsCutToTheCeilingOfALoweredRule() {
    Scene scene = scene(BUCKET).waiting(3_000);
    scene.check(10);
    scene.at(1).check(3);
    scene.rules(Rules.enforcing(1, Rules.bucket(60, 60, 10)));
    assertThat(scene.at(2).take(1).retryAfter()).isEqualTo(SECOND - 1);
  }
}
