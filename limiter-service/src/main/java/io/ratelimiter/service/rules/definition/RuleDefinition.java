package io.ratelimiter.service.rules.definition;

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
 * @param spending of a rule of mode exempt it is stored and not used
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
      // Its numbers must be valid too: they apply again once the mode is changed.
      if (policy.hasNumbers()) {
        policy.effective(context.algorithm());
      }
      return new AnyRule.Exempt(id, revision, terms);
    }
    Policy numbers = policy.effective(context.algorithm());
    Rule rule = new Rule(id, revision, counterEpoch, terms, numbers, effectiveSpending(numbers));
    context.check(rule);
    return rule;
  }

  /** An inherited algorithm may be one without waiting. */
  private Spending effectiveSpending(Policy numbers) {
    return policy.algorithm() == null && !(numbers instanceof Policy.TokenBucket)
        ? spending.withoutWaiting()
        : spending;
  }
}
