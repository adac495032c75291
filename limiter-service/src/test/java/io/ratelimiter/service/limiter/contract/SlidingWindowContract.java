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

/** The exact log: ten units in any minute. */
interface SlidingWindowContract extends HasLimiter {

  Rule LOG = Rules.enforcing(1, Rules.policy(Algorithm.SLIDING_WINDOW, 10, 60));

  @Test
  default void aLogBlocksUntilEnoughOfTheOldestChargesHaveLeft() {
    Scene scene = scene(LOG);
    assertThat(scene.take(2)).isEqualTo(allowed(8, 60 * SECOND, 60 * SECOND));
    assertThat(scene.at(10 * SECOND).take(3)).isEqualTo(allowed(5, 70 * SECOND, 50 * SECOND));
    assertThat(scene.at(20 * SECOND).take(5)).isEqualTo(allowed(0, 80 * SECOND, 40 * SECOND));
    assertThat(scene.at(30 * SECOND).take(2))
        .isEqualTo(blocked(0, 30 * SECOND, 80 * SECOND, 30 * SECOND));
    assertThat(scene.take(3)).isEqualTo(blocked(0, 40 * SECOND, 80 * SECOND, 30 * SECOND));
    assertThat(scene.take(6)).isEqualTo(blocked(0, 50 * SECOND, 80 * SECOND, 30 * SECOND));
  }

  @Test
  default void aChargeLeavesTheLogExactlyAWindowLater() {
    Scene scene = scene(LOG).at(5);
    scene.take(10);
    assertThat(scene.at(60 * SECOND + 4).take(1)).isEqualTo(blocked(0, 1, 60 * SECOND + 5, 1));
    assertThat(scene.at(60 * SECOND + 5).take(10))
        .isEqualTo(allowed(0, 120 * SECOND + 5, 60 * SECOND));
  }

  @Test
  default void noMinuteHoldsMoreThanTheLimitWhereverItBegins() {
    Scene scene = scene(LOG);
    int passed = 0;
    for (int i = 0; i < 240; i++) {
      passed += scene.at(i * SECOND).take(1).allowed() ? 1 : 0;
    }
    // Ten at the start of each of the four minutes and nothing between: any minute holds ten.
    assertThat(passed).isEqualTo(40);
    assertThat(scene.at(249 * SECOND).take(1).allowed()).isTrue();
  }

  @Test
  default void aLongLogForgetsWhatHasLeftAndKeepsTheRest() {
    Scene scene = scene(Rules.enforcing(1, Rules.policy(Algorithm.SLIDING_WINDOW, 1_000, 60)));
    for (int i = 0; i < 500; i++) {
      scene.at(i * 100_000L).take(2);
    }
    assertThat(scene.at(60 * SECOND).take(1).remaining()).isEqualTo(1);
    assertThat(scene.at(85 * SECOND).left()).isEqualTo(1_000 - 1 - 2 * 249);
    assertThat(scene.at(120 * SECOND).left()).isEqualTo(1_000);
  }

  @Test
  default void aPeekAtALogTakesNothing() {
    Scene scene = scene(LOG).at(SECOND);
    assertThat(scene.peek()).isEqualTo(allowed(10, SECOND, 60 * SECOND));
    scene.take(10);
    assertThat(scene.at(2 * SECOND).peek())
        .isEqualTo(blocked(0, 59 * SECOND, 61 * SECOND, 59 * SECOND));
    assertThat(scene.at(61 * SECOND).peek().remaining()).isEqualTo(10);
  }

  @Test
  default void aCostAboveTheLimitIsNeverPossibleInALog() {
    Scene scene = scene(LOG);
    assertThat(((Decision.Blocked) scene.check(11)).reason())
        .isEqualTo(BlockReason.COST_EXCEEDS_LIMIT);
    assertThat(scene.left()).isEqualTo(10);
  }
}
