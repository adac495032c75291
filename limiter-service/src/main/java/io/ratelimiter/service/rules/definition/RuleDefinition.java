package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.Spending;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is written, not validated yet: {@link #effective} validates it.
 *
 * @param spending stored but not used if the mode is exempt
 * @param metadata a JSON object that the service stores and does not interpret; null where it was
 *     not read, or where the stored one breaks its bounds
 */
public record RuleDefinition(
    RuleTerms terms, PolicyDefinition policy, Spending spending, @Nullable String metadata) {

  /**
   * The rule under the settings of the service.
   *
   * @throws IllegalArgumentException naming the field and the fault
   */
  public AnyRule effective(RuleContext context, long id, long revision, long counterEpoch) {
    if (terms.mode() == Mode.EXEMPT) {
      checkUnused(context);
      return new AnyRule.Exempt(id, revision, terms);
    }
    Policy numbers = policy.effective(context.algorithm());
    Rule rule = new Rule(id, revision, counterEpoch, terms, numbers, effectiveSpending(numbers));
    context.check(rule);
    return rule;
  }

  /** The numbers of an exempt rule must be valid too: they apply once the mode is changed. */
  private void checkUnused(RuleContext context) {
    if (policy.hasNumbers()) {
      Policy numbers = policy.effective(context.algorithm());
      effectiveSpending(numbers).check(numbers);
    } else if (!spending.plain()) {
      throw new IllegalArgumentException(
          "reserve, max_wait_ms and overdraft are for rules with rate and window only");
    }
  }

  private Spending effectiveSpending(Policy numbers) {
    if (policy.algorithm() != null || spending.plain()) {
      return spending;
    }
    // Checked under a token bucket whatever is inherited, so that a change of ALGORITHM never
    // invalidates a rule.
    spending.check(policy.effective(Algorithm.TOKEN_BUCKET));
    return spending.inherited(numbers);
  }
}
