package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.allowed;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.blocked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reserves: of ten units, two are kept from normal and five from low priority. */
interface PriorityContract extends HasLimiter {

  private Scene reserved(Algorithm algorithm) {
    return scene(Rules.rule(1, Rules.policy(algorithm, 10, 60)).reserve(2_000, 5_000).limit());
  }

  @ParameterizedTest
  @EnumSource
  default void eachPriorityUsesTheCapacityWithoutItsReserve(Algorithm algorithm) {
    Scene scene = reserved(algorithm);
    assertThat(scene.priority(Priority.LOW).take(5).remaining()).isZero();
    assertThat(scene.take(1).allowed()).isFalse();
    assertThat(scene.priority(Priority.NORMAL).take(3).remaining()).isZero();
    assertThat(scene.take(1).allowed()).isFalse();
    assertThat(scene.priority(Priority.HIGH).take(2).remaining()).isZero();
    assertThat(scene.take(1).allowed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  default void remainingIsThatOfThePriority(Algorithm algorithm) {
    Scene scene = reserved(algorithm);
    scene.priority(Priority.HIGH).take(4);
    assertThat(scene.left()).isEqualTo(6);
    assertThat(scene.priority(Priority.NORMAL).left()).isEqualTo(4);
    assertThat(scene.priority(Priority.LOW).left()).isEqualTo(1);
    scene.priority(Priority.HIGH).take(6);
    assertThat(scene.priority(Priority.LOW).left()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  default void aCostAboveThePrioritysPartNeverPasses(Algorithm algorithm) {
    Scene scene = reserved(algorithm);
    Decision.Blocked low = (Decision.Blocked) scene.priority(Priority.LOW).check(6);
    assertThat(low.reason()).isEqualTo(BlockReason.COST_EXCEEDS_LIMIT);
    assertThat(scene.priority(Priority.HIGH).take(6).allowed()).isTrue();
  }

  @Test
  default void aBucketsReserveKeepsBackTheBurstAndNotTheRate() {
    // A unit takes 6 s. After 10 of high priority, low waits until 5 are back, then for one more.
    Scene scene = reserved(Algorithm.TOKEN_BUCKET);
    scene.priority(Priority.HIGH).take(10);
    assertThat(scene.priority(Priority.LOW).take(1))
        .isEqualTo(blocked(0, 36 * SECOND, 60 * SECOND, 36 * SECOND));
    assertThat(scene.at(36 * SECOND - 1).take(1).allowed()).isFalse();
    assertThat(scene.at(36 * SECOND).take(1)).isEqualTo(allowed(0, 66 * SECOND, 6 * SECOND));
    assertThat(scene.at(42 * SECOND).take(1)).isEqualTo(allowed(0, 72 * SECOND, 6 * SECOND));
  }

  @Test
  default void theRetryTimeOfAPriorityIsExactInALog() {
    Scene scene = reserved(Algorithm.SLIDING_WINDOW);
    scene.priority(Priority.HIGH).take(4);
    scene.at(10 * SECOND).take(3);
    assertThat(scene.priority(Priority.LOW).take(2).retryAfter()).isEqualTo(50 * SECOND);
    assertThat(scene.at(60 * SECOND - 1).take(2).allowed()).isFalse();
    assertThat(scene.at(60 * SECOND).take(2).allowed()).isTrue();
  }

  @Test
  default void aReserveIsRoundedDown() {
    Rule rule = Rules.rule(1, Rules.bucket(3, 60, 3)).reserve(3_333, 9_500).limit();
    // 0.3333 × 3 is less than one unit, 0.95 × 3 more than two.
    assertThat(scene(rule).left()).isEqualTo(3);
    assertThat(scene(rule).priority(Priority.LOW).left()).isEqualTo(1);
  }

  @Test
  default void aDebtAboveThePrioritysPartIsKept() {
    // What high priority consumed must not be cut by checks of a lower one.
    Scene scene = reserved(Algorithm.TOKEN_BUCKET);
    scene.priority(Priority.HIGH).take(10);
    scene.priority(Priority.LOW).take(1);
    assertThat(scene.priority(Priority.HIGH).left()).isZero();
  }
}
