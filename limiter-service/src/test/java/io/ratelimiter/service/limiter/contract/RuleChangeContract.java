package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which consumption remains when a rule changes. */
interface RuleChangeContract extends HasLimiter {

  @ParameterizedTest
  @EnumSource
  default void aRaisedLimitKeepsWhatWasConsumed(Algorithm algorithm) {
    Scene scene = scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60)));
    scene.take(10);
    scene.rules(Rules.enforcing(1, Rules.policy(algorithm, 15, 60)));
    assertThat(scene.left()).isEqualTo(5);
    assertThat(scene.take(6).allowed()).isFalse();
    assertThat(scene.take(5).allowed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  default void aLoweredLimitKeepsWhatWasConsumed(Algorithm algorithm) {
    Scene scene = scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60)));
    scene.take(8);
    scene.rules(Rules.enforcing(1, Rules.policy(algorithm, 5, 60)));
    Scene.Seen seen = scene.take(1);
    assertThat(seen.allowed()).isFalse();
    assertThat(seen.remaining()).isZero();
    assertThat(seen.retryAfter()).isPositive();
    scene.rules(Rules.enforcing(1, Rules.policy(algorithm, 10, 60)));
    assertThat(scene.left()).isEqualTo(2);
  }

  @Test
  default void aLoweredBurstReducesTheDebtToTheNewCapacity() {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(60, 60, 1_000)));
    scene.take(1_000);
    scene.rules(Rules.enforcing(1, Rules.bucket(60, 60, 10)));
    assertThat(scene.at(0).take(1).retryAfter()).isEqualTo(SECOND);
  }

  @ParameterizedTest
  @EnumSource
  default void aChangedWindowStartsAtZero(Algorithm algorithm) {
    Scene scene = scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60)));
    scene.take(10);
    scene.rules(Rules.enforcing(1, Rules.policy(algorithm, 10, 61)));
    assertThat(scene.left()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  default void aChangedAlgorithmStartsAtZero(Algorithm algorithm) {
    Scene scene = scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60)));
    scene.take(10);
    for (Algorithm other : Algorithm.values()) {
      scene.rules(Rules.enforcing(1, Rules.policy(other, 10, 60)));
      assertThat(scene.left()).isEqualTo(other == algorithm ? 0 : 10);
    }
  }

  /** The rule table raises the epoch with each change, so earlier consumption no longer counts. */
  @ParameterizedTest
  @EnumSource
  default void aWindowThatIsChangedAndChangedBackStartsAtZero(Algorithm algorithm) {
    Rule first = Rules.enforcing(1, Rules.policy(algorithm, 10, 60));
    Rule other = Rules.enforcing(1, Rules.policy(algorithm, 10, 61));
    Scene scene = scene(first);
    scene.take(10);
    scene.rules(Rules.inEpoch(1, other));
    scene.take(4);
    scene.reset();
    scene.rules(Rules.inEpoch(2, first));
    assertThat(scene.left()).isEqualTo(10);
    scene.take(3);
    scene.refund(2);
    assertThat(scene.left()).isEqualTo(9);
    scene.reset();
    assertThat(scene.left()).isEqualTo(10);
  }
}
