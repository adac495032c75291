package io.ratelimiter.service.limiter.contract;

import static io.ratelimiter.service.limiter.contract.Scene.SECOND;
import static io.ratelimiter.service.limiter.contract.Scene.Seen.allowed;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.rules.Algorithm;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Settlements, by default under a limit of ten units per minute. */
interface SettledChargeContract extends HasLimiter {

  private Scene minute(Algorithm algorithm) {
    return scene(Rules.enforcing(1, Rules.policy(algorithm, 10, 60))).settling();
  }

  @Test
  default void aSettlementRefillsABucketByTheRateInForce() {
    // 600 a minute; the first charge is settled after the rate was lowered to 6 a minute.
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(600, 60, 100))).settling();
    scene.take(100);
    scene.rules(Rules.enforcing(1, Rules.bucket(6, 60, 100)));
    assertThat(scene.at(10 * SECOND).settled(101).remaining()).isZero();
    assertThat(scene.left()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"6, 600", "600, 6"})
  default void nothingIsGivenBackOfWhatHasDrainedByAnotherRate(long atCheck, long after) {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(atCheck, 60, 100))).settling();
    scene.take(100);
    scene.rules(Rules.enforcing(1, Rules.bucket(600, 60, 100)));
    scene.at(10 * SECOND).take(100);
    scene.rules(Rules.enforcing(1, Rules.bucket(after, 60, 100)));
    assertThat(givenBack(scene.settle(1, 0))).isZero();
  }

  @ParameterizedTest
  @EnumSource
  default void aLateSettlementGivesBackNoUnitsOfLaterChecks(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(8);
    scene.with(CheckOptions.DEFAULT).at(61 * SECOND).take(2);
    assertThat(scene.at(62 * SECOND).settled(0).givenBack()).isZero();
    assertThat(scene.left()).isEqualTo(algorithm == Algorithm.SLIDING_WINDOW_COUNTER ? 0 : 8);
  }

  @Test
  default void aBucketGivesBackWhatIsLeftOfTheChargeWhateverCameLater() {
    // A unit takes 6 s: of 8 units 5.5 are left after 15 s.
    Scene scene = minute(Algorithm.TOKEN_BUCKET);
    scene.take(8);
    scene.with(CheckOptions.DEFAULT).at(12 * SECOND).take(4);
    assertThat(scene.at(15 * SECOND).settled(1).givenBack()).isEqualTo(5);
  }

  @Test
  default void aBucketGivesBackNothingOfLaterChecksIfSeveralEstimatesAreOpen() {
    // A unit takes 3 s: after 30 s nothing is left of the second estimate.
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(20, 60, 20))).settling();
    scene.take(10);
    scene.take(10);
    assertThat(givenBack(scene.settle(1, 0))).isEqualTo(10);
    scene.with(CheckOptions.DEFAULT).at(30 * SECOND).take(19);
    assertThat(givenBack(scene.settle(2, 0))).isZero();
  }

  @Test
  default void aBucketGivesBackOfAnEarlierEstimateAfterALaterOne() {
    Scene scene = scene(Rules.enforcing(1, Rules.bucket(60, 60, 100))).settling();
    scene.take(40);
    scene.take(50);
    assertThat(givenBack(scene.at(SECOND).settle(2, 0))).isEqualTo(50);
    assertThat(givenBack(scene.settle(1, 0))).isEqualTo(38);
  }

  private static long givenBack(Optional<Settlement> settlement) {
    return settlement.orElseThrow().adjustment().limits().getFirst().givenBack();
  }

  @Test
  default void aLogGivesBackUnitsOfTheChargesOwnEntry() {
    Scene scene = minute(Algorithm.SLIDING_WINDOW);
    scene.take(1);
    scene.at(10 * SECOND).take(4);
    scene.with(CheckOptions.DEFAULT).at(20 * SECOND).take(3);
    assertThat(scene.at(30 * SECOND).settled(1).givenBack()).isEqualTo(3);
    // 1, 1 and 3 are left, at 0, 10 and 20 s.
    assertThat(scene.peek()).isEqualTo(allowed(5, 80 * SECOND, 30 * SECOND));
    assertThat(scene.at(70 * SECOND).peek()).isEqualTo(allowed(7, 80 * SECOND, 10 * SECOND));
  }

  @ParameterizedTest
  @EnumSource
  default void noMoreIsGivenBackThanARefundHasLeft(Algorithm algorithm) {
    Scene scene = minute(algorithm);
    scene.take(8);
    scene.refund(5);
    assertThat(scene.settled(0).givenBack()).isEqualTo(3);
    assertThat(scene.left()).isEqualTo(10);
  }

  @Test
  default void aLogRemovesAnEntryWithoutUnits() {
    Scene scene = minute(Algorithm.SLIDING_WINDOW);
    scene.take(4);
    scene.with(CheckOptions.DEFAULT).at(20 * SECOND).take(3);
    assertThat(scene.at(30 * SECOND).settled(0).givenBack()).isEqualTo(4);
    assertThat(scene.peek()).isEqualTo(allowed(7, 80 * SECOND, 50 * SECOND));
  }

  @ParameterizedTest
  @CsvSource({"500, 1", "501, 0"})
  default void aLogGivesBackUnitsOfAnEntryThatAtMost500Follow(int later, long givenBack) {
    Scene scene =
        scene(Rules.enforcing(1, Rules.policy(Algorithm.SLIDING_WINDOW, 1_000, 60))).settling();
    scene.take(1);
    scene.with(CheckOptions.DEFAULT);
    for (int i = 1; i <= later; i++) {
      scene.at(i).take(1);
    }
    assertThat(scene.at(SECOND).settled(0).givenBack()).isEqualTo(givenBack);
    assertThat(scene.left()).isEqualTo(999 - later + givenBack);
  }

  @Test
  default void aWindowThatEndedGivesNothingBack() {
    Scene scene = minute(Algorithm.FIXED_WINDOW);
    scene.take(8);
    Adjustment.Limit settled = scene.at(61 * SECOND).settled(3);
    assertThat(settled.givenBack()).isZero();
    assertThat(scene.left()).isEqualTo(10);
  }
}
