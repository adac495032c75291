package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How the capacity of a rule may be spent, at each bound. */
class SpendingTests {

  private static RuleBuilder bucket(long limit, long windowSeconds, long burst) {
    return rule(1, "*", "*").policy(new Policy.TokenBucket(limit, windowSeconds, burst));
  }

  private static RuleBuilder window(long limit) {
    return rule(1, "*", "*").policy(new Policy.FixedWindow(limit, 60));
  }

  private static void refused(RuleBuilder rule, String message) {
    assertThatThrownBy(rule::limit)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aReserveIsFrom0ToNormalToLowTo95Hundredths() {
    String message = "reserve must have 0 ≤ normal ≤ low ≤ 0.95, each with at most 4 decimals";
    assertThat(window(100).reserve(0, 9_500).limit().spending().reserves()).isTrue();
    assertThat(window(100).reserve(9_500, 9_500).limit().reserved(Priority.NORMAL)).isEqualTo(95);
    refused(window(100).reserve(0, 9_501), message);
    refused(window(100).reserve(5_001, 5_000), message);
    refused(window(100).reserve(-1, 0), message);
    refused(window(100).reserve(0, -1), message);
  }

  @Test
  void aWaitIsFrom0To30SecondsAndOfATokenBucketOnly() {
    assertThat(bucket(1, 1, 1).maxWait(30_000).limit().spending().maxWaitMillis())
        .isEqualTo(30_000);
    refused(bucket(1, 1, 1).maxWait(30_001), "max_wait_ms must be 0 to 30000, not 30001");
    refused(bucket(1, 1, 1).maxWait(-1), "max_wait_ms must be 0 to 30000, not -1");
    refused(window(1).maxWait(1), "max_wait_ms is for token_bucket only, not for fixed_window");
    refused(window(1).maxWait(-1), "max_wait_ms must be 0 to 30000, not -1");
  }

  @Test
  void anOverdraftIsFrom0To10TimesTheCapacity() {
    assertThat(window(7).overdraft(70).limit().ceiling()).isEqualTo(77);
    assertThat(bucket(7, 1, 3).overdraft(30).limit().ceiling()).isEqualTo(33);
    refused(window(7).overdraft(71), "overdraft must be 0 to 10 times the capacity, 70, not 71");
    refused(
        bucket(7, 1, 3).overdraft(31), "overdraft must be 0 to 10 times the capacity, 30, not 31");
    refused(window(7).overdraft(-1), "overdraft must be 0 to 10 times the capacity, 70, not -1");
    refused(
        window(7).overdraft(Long.MAX_VALUE),
        "overdraft must be 0 to 10 times the capacity, 70, not 9223372036854775807");
  }

  @Test
  void theCapacityWithWaitOrOverdraftIsAtMostNineBillionUnits() {
    String message =
        "max_wait_ms or overdraft is too large: with the capacity it exceeds 9000000000 units";
    long billion = 1_000_000_000;
    assertThat(window(billion).overdraft(8 * billion).limit().ceiling())
        .isEqualTo(Spending.MAX_CEILING);
    assertThat(bucket(billion, 1, billion).maxWait(8_000).limit().ceiling())
        .isEqualTo(Spending.MAX_CEILING);
    refused(window(billion).overdraft(8 * billion + 1), message);
    refused(bucket(billion, 1, billion).maxWait(8_001), message);
  }

  @Test
  void aRuleOfRate0HasNone() {
    String message = "reserve, max_wait_ms and overdraft are not for rate 0, which allows nothing";
    RuleBuilder ban = rule(1, "*", "*").ban();
    assertThat(ban.limit().spending()).isEqualTo(Spending.PLAIN);
    refused(rule(1, "*", "*").ban().reserve(0, 1), message);
    refused(rule(1, "*", "*").ban().maxWait(1), message);
    refused(rule(1, "*", "*").ban().overdraft(1), message);
  }

  @ParameterizedTest
  @CsvSource({
    // capacity, share of normal, share of low, units kept from normal, from low
    "100, 2000, 5000, 20, 50",
    "101, 2000, 5000, 20, 50",
    "1, 9500, 9500, 0, 0",
    "2, 4999, 5000, 0, 1",
    "10000, 1, 1, 1, 1",
    "9999, 1, 1, 0, 0",
    "1000000000, 9500, 9500, 950000000, 950000000"
  })
  void theUnitsKeptAreRoundedDown(long capacity, int normal, int low, long ofNormal, long ofLow) {
    Rule rule = window(capacity).reserve(normal, low).limit();
    assertThat(rule.reserved(Priority.HIGH)).isZero();
    assertThat(rule.reserved(Priority.NORMAL)).isEqualTo(ofNormal);
    assertThat(rule.reserved(Priority.LOW)).isEqualTo(ofLow);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void thePolicyOfAPriorityHasTheCapacityThatIsNotKeptFromIt(Algorithm algorithm) {
    Policy policy = Policy.of(algorithm, 100, 60, OptionalLong.empty());
    Rule rule = rule(1, "*", "*").policy(policy).reserve(2_000, 5_000).limit();

    assertThat(rule.policyFor(Priority.HIGH)).isSameAs(policy);
    for (Priority priority : new Priority[] {Priority.NORMAL, Priority.LOW}) {
      Policy lower = rule.policyFor(priority);
      assertThat(lower.capacity()).isEqualTo(priority == Priority.LOW ? 50 : 80);
      assertThat(lower.algorithm()).isEqualTo(algorithm);
      assertThat(lower.windowSeconds()).isEqualTo(60);
    }
  }

  /** Lower priorities get the full rate of a bucket: only its burst is kept back. */
  @Test
  void aBucketRefillsAsFastForEveryPriority() {
    Rule rule = bucket(100, 60, 40).reserve(2_500, 9_500).limit();

    assertThat(rule.policyFor(Priority.NORMAL)).isEqualTo(new Policy.TokenBucket(100, 60, 30));
    assertThat(rule.policyFor(Priority.LOW)).isEqualTo(new Policy.TokenBucket(100, 60, 2));
  }

  @Test
  void theSmallestCapacityIsLeftToEveryPriority() {
    Rule rule = window(1).reserve(9_500, 9_500).limit();

    assertThat(rule.policyFor(Priority.LOW)).isSameAs(rule.policy());
  }

  @Test
  void aRuleWithoutAReserveHasOnePolicyForAll() {
    Rule rule = bucket(100, 60, 40).maxWait(1_000).overdraft(5).limit();

    for (Priority priority : Priority.values()) {
      assertThat(rule.policyFor(priority)).isSameAs(rule.policy());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // limit, window, burst, max wait, overdraft, ceiling
    "100, 60, 40, 0, 0, 40",
    "100, 60, 40, 30000, 0, 90",
    "100, 60, 40, 30000, 50, 90",
    "100, 60, 40, 30000, 51, 91",
    "100, 60, 40, 1, 0, 41",
    "1, 31622400, 1, 30000, 0, 2"
  })
  void theCeilingAddsTheLargerOfWaitAndOverdraft(
      long limit, long window, long burst, long wait, long overdraft, long ceiling) {
    Rule rule = bucket(limit, window, burst).maxWait(wait).overdraft(overdraft).limit();
    assertThat(rule.ceiling()).isEqualTo(ceiling);
  }
}
