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

/** The fixed window: ten units in each minute of the clock. */
interface FixedWindowContract extends HasLimiter {

  Rule WINDOW = Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 10, 60));

  @Test
  default void aWindowCountsUpToItsLimitAndThenBlocksUntilItsEnd() {
    Scene scene = scene(WINDOW).at(20 * SECOND);
    assertThat(scene.take(4)).isEqualTo(allowed(6, 60 * SECOND, 40 * SECOND));
    assertThat(scene.at(30 * SECOND).take(6)).isEqualTo(allowed(0, 60 * SECOND, 30 * SECOND));
    assertThat(scene.at(50 * SECOND).take(1))
        .isEqualTo(blocked(0, 10 * SECOND, 60 * SECOND, 10 * SECOND));
  }

  @Test
  default void aWindowEndsAtTheMicrosecond() {
    Scene scene = scene(WINDOW);
    scene.take(10);
    assertThat(scene.at(60 * SECOND - 1).take(1)).isEqualTo(blocked(0, 1, 60 * SECOND, 1));
    assertThat(scene.at(60 * SECOND).take(10)).isEqualTo(allowed(0, 120 * SECOND, 60 * SECOND));
  }

  @Test
  default void twiceTheLimitPassesAroundTheEdgeOfAWindow() {
    Scene scene = scene(WINDOW).at(60 * SECOND - 1);
    assertThat(scene.take(10).allowed()).isTrue();
    assertThat(scene.at(60 * SECOND).take(10).allowed()).isTrue();
    assertThat(scene.at(60 * SECOND + 1).take(1).allowed()).isFalse();
  }

  @Test
  default void aPeekAtAWindowTakesNothing() {
    Scene scene = scene(WINDOW).at(SECOND);
    assertThat(scene.peek()).isEqualTo(allowed(10, SECOND, 59 * SECOND));
    scene.take(9);
    assertThat(scene.at(2 * SECOND).peek()).isEqualTo(allowed(1, 60 * SECOND, 58 * SECOND));
    scene.take(1);
    assertThat(scene.at(3 * SECOND).peek())
        .isEqualTo(blocked(0, 57 * SECOND, 60 * SECOND, 57 * SECOND));
  }

  @Test
  default void aCostAboveTheLimitIsNeverPossibleInAWindow() {
    Scene scene = scene(WINDOW);
    assertThat(((Decision.Blocked) scene.check(11)).reason())
        .isEqualTo(BlockReason.COST_EXCEEDS_LIMIT);
    assertThat(scene.left()).isEqualTo(10);
  }
}
