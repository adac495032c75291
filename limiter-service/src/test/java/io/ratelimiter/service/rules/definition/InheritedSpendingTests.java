package io.ratelimiter.service.rules.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import io.ratelimiter.service.rules.Spending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Spending of rules that inherit their algorithm, and of rules that do not use it. */
class InheritedSpendingTests {

  private static AnyRule effective(
      Algorithm inherited, Mode mode, PolicyDefinition policy, Spending spending) {
    var terms = RuleBuilder.rule(1, "*", "*").mode(mode).build().terms();
    return new RuleDefinition(terms, policy, spending, null)
        .effective(RuleContext.of(inherited), 1, 0, 0);
  }

  private static Spending inForce(Algorithm inherited, PolicyDefinition policy, Spending spending) {
    return ((Rule) effective(inherited, Mode.ENFORCE, policy, spending)).spending();
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void waitingIsInForceWhereATokenBucketIsInherited(Algorithm inherited) {
    PolicyDefinition policy = new PolicyDefinition(null, 100L, 60L, null);
    Spending spending = new Spending(2_000, 5_000, 3_000, 40);

    assertThat(inForce(inherited, policy, spending))
        .isEqualTo(
            inherited == Algorithm.TOKEN_BUCKET ? spending : new Spending(2_000, 5_000, 0, 40));
  }

  /** Rules are valid or not whatever ALGORITHM is: the bounds are those of a token bucket. */
  @ParameterizedTest
  @CsvSource({
    // rate, burst, overdraft, overdraft in force in a window of this rate
    "20, 40, 400, 200",
    "20, 40, 150, 150",
    "1000000000, 850000000, 8150000000, 8000000000"
  })
  void anOverdraftIsCutToTheBoundsOfAnInheritedWindow(
      long rate, long burst, long overdraft, long inWindow) {
    PolicyDefinition policy = new PolicyDefinition(null, rate, 1L, burst);
    Spending spending = new Spending(0, 0, 0, overdraft);

    assertThat(inForce(Algorithm.TOKEN_BUCKET, policy, spending).overdraft()).isEqualTo(overdraft);
    assertThat(inForce(Algorithm.FIXED_WINDOW, policy, spending).overdraft()).isEqualTo(inWindow);
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void whatATokenBucketRefusesIsRefusedUnderEveryAlgorithm(Algorithm inherited) {
    PolicyDefinition small = new PolicyDefinition(null, 20L, 60L, 5L);
    assertThatThrownBy(() -> inForce(inherited, small, new Spending(0, 0, 0, 51)))
        .hasMessage("overdraft must be 0 to 10 times the capacity, 50, not 51");
    assertThatThrownBy(() -> inForce(inherited, small, new Spending(0, 0, 30_001, 0)))
        .hasMessage("max_wait_ms must be 0 to 30000, not 30001");
    PolicyDefinition ban = new PolicyDefinition(null, 0L, 60L, null);
    assertThatThrownBy(() -> inForce(inherited, ban, new Spending(0, 0, 1, 0)))
        .hasMessage("reserve, max_wait_ms and overdraft are not for rate 0, which allows nothing");
  }

  @Test
  void anExemptRuleKeepsValidSpendingOnly() {
    PolicyDefinition policy = new PolicyDefinition(Algorithm.FIXED_WINDOW, 20L, 60L, null);
    PolicyDefinition none = new PolicyDefinition(null, null, null, null);

    assertThat(
            effective(Algorithm.TOKEN_BUCKET, Mode.EXEMPT, policy, new Spending(0, 9_500, 0, 200)))
        .isInstanceOf(AnyRule.Exempt.class);
    assertThatThrownBy(() ->
            effective(Algorithm.TOKEN_BUCKET, Mode.EXEMPT, policy, new Spending(0, 0, 0, 201)))
        .hasMessage("overdraft must be 0 to 10 times the capacity, 200, not 201");
    assertThatThrownBy(
            () -> effective(Algorithm.TOKEN_BUCKET, Mode.EXEMPT, none, new Spending(0, 1, 0, 0)))
        .hasMessage("reserve, max_wait_ms and overdraft are for rules with rate and window only");
  }
}
