package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A clock that stands still, goes back or jumps ahead. Limits of sixty units per minute. */
interface ClockContract extends HasLimiter {

  /** Far from the start, so that the clock can go back; ten seconds into a minute. */
  long NOON = 43_210 * SECOND;

  private Scene minute(Algorithm algorithm) {
    return scene(Rules.enforcing(1, Rules.policy(algorithm, 60, 60))).at(NOON);
  }

  @ParameterizedTest
  @EnumSource
  default void chargesAtOneInstantHaveTimesOfTheirOwn(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    for (int i = 0; i < 5; i++) {
      Decision decision = scene.check(1);
      assertThat(decision.decidedAtMicros()).isEqualTo(START + NOON);
      assertThat(Scene.first(decision).atMicros()).isEqualTo(START + NOON + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void aClockThatWentBackWithinTheWindowIsWaitedFor(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(60);
    Evaluated evaluated = Scene.first(scene.at(NOON - 60 * SECOND).check(1));
    assertThat(evaluated.allowed()).isFalse();
    assertThat(evaluated.rebased()).isFalse();
    assertThat(evaluated.atMicros()).isEqualTo(START + NOON + 1);
    // By the clock, on which the caller waits.
    Decision still = scene.at(NOON - 60 * SECOND + evaluated.retryAfterMicros() - 1_000).check(1);
    assertThat(still).isInstanceOf(Decision.Blocked.class);
    Decision then = scene.at(NOON - 60 * SECOND + evaluated.retryAfterMicros()).check(1);
    assertThat(then).isInstanceOf(Decision.Allowed.class);
  }

  @ParameterizedTest
  @EnumSource
  default void aClockThatWentBackFurtherIsAdoptedAndConsumptionIsKept(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(30);
    long back = NOON - 60 * SECOND - 1;
    Evaluated evaluated = Scene.first(scene.at(back).check(10));
    assertThat(evaluated.rebased()).isTrue();
    assertThat(evaluated.atMicros()).isEqualTo(START + back);
    assertThat(evaluated.remaining()).isEqualTo(20);
    Evaluated after = Scene.first(scene.check(1));
    assertThat(after.rebased()).isFalse();
    assertThat(after.remaining()).isEqualTo(19);
    assertThat(after.atMicros()).isEqualTo(START + back + 1);
  }

  @ParameterizedTest
  @EnumSource
  default void aBlockedCheckWritesTheRebaseSoThatTheClientRecovers(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(60);
    long back = NOON - 3_600 * SECOND;
    assertThat(Scene.first(scene.at(back).check(1)).rebased()).isTrue();
    Evaluated again = Scene.first(scene.at(back + 1).check(1));
    assertThat(again.allowed()).isFalse();
    assertThat(again.rebased()).isFalse();
    long recovered = back + 1 + again.retryAfterMicros();
    assertThat(scene.at(recovered - 1_000).check(1)).isInstanceOf(Decision.Blocked.class);
    assertThat(scene.at(recovered).check(1)).isInstanceOf(Decision.Allowed.class);
  }

  @ParameterizedTest
  @EnumSource
  default void aPeekDoesNotWriteTheRebase(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(30);
    scene.at(NOON - 3_600 * SECOND);
    assertThat(Scene.first(scene.check(0)).rebased()).isTrue();
    assertThat(scene.left()).isEqualTo(30);
    assertThat(Scene.first(scene.check(1)).rebased()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  default void nothingIsGrantedTwiceByAClockThatGoesBackAgainAndAgain(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(60);
    for (int i = 1; i <= 20; i++) {
      assertThat(scene.at(NOON - i * 61 * SECOND).check(1)).isInstanceOf(Decision.Blocked.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void aClockThatJumpsAheadAndComesBackFreezesNoClient(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(1);
    scene.at(NOON + 86_400 * SECOND).take(60);
    Evaluated evaluated = Scene.first(scene.at(NOON + SECOND).check(60));
    assertThat(evaluated.rebased()).isTrue();
    assertThat(evaluated.retryAfterMicros()).isLessThanOrEqualTo(120 * SECOND);
    assertThat(scene.at(NOON + 121 * SECOND).check(60)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  default void aLongWindowLeftInTheFutureDoesNotFreezeAShortOne() {
    Scene scene =
        scene(
                Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 100, 86_400)),
                Rules.enforcing(2, Rules.bucket(60, 60, 1)))
            .at(NOON + 3_600 * SECOND);
    scene.check(1);
    // An hour back: within the day, beyond the minute.
    Decision decision = scene.at(NOON).check(1);
    assertThat(decision).isInstanceOf(Decision.Blocked.class);
    assertThat(((Decision.Blocked) decision).retryAfterMicros()).isEqualTo(SECOND);
    assertThat(scene.at(NOON + SECOND).check(1)).isInstanceOf(Decision.Allowed.class);
    assertThat(scene.at(NOON + 2 * SECOND).check(1)).isInstanceOf(Decision.Allowed.class);
  }

  @ParameterizedTest
  @EnumSource
  default void aRefundAfterTheClockWentBackReportsTheRebase(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(30);
    Adjustment.Limit limit = scene.at(NOON - 3_600 * SECOND).refund(10).limits().getFirst();
    assertThat(limit.rebased()).isTrue();
    assertThat(limit.remaining()).isEqualTo(40);
    assertThat(Scene.first(scene.check(1)).rebased()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  default void aRefundThatFindsNothingWritesTheRebaseToo(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(5);
    scene.refund(5);
    Adjustment.Limit limit = scene.at(NOON - 3_600 * SECOND).refund(1).limits().getFirst();
    assertThat(limit.rebased()).isTrue();
    assertThat(limit.givenBack()).isZero();
    assertThat(Scene.first(scene.check(1)).rebased()).isFalse();
  }

  @Test
  default void aCounterGrantsNothingTwiceWhenTheClockGoesBackToLessOfTheWindowBefore() {
    Scene scene = minute(Algorithm.SLIDING_WINDOW_COUNTER);
    scene.take(60);
    // 55 of the previous window are still covered, and 5 are taken.
    assertThat(scene.at(NOON + 55 * SECOND).take(5).allowed()).isTrue();
    // Five seconds before the end of an earlier minute only 5 of the 60 would be covered.
    Evaluated evaluated = Scene.first(scene.at(NOON - 15 * SECOND).check(1));
    assertThat(evaluated.rebased()).isTrue();
    assertThat(evaluated.allowed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  default void aResetOfATimeAheadOfTheClockReportsARebase(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(30);
    Adjustment.Limit limit = scene.at(NOON - 10 * SECOND).reset().limits().getFirst();
    assertThat(limit.atMicros()).isEqualTo(START + NOON + 1);
    // The next charge precedes the removed ones, which is reported like any time set back.
    assertThat(limit.rebased()).isTrue();
    assertThat(Scene.first(scene.check(1)).atMicros()).isEqualTo(START + NOON - 10 * SECOND);
  }
}
