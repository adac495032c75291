package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import org.jspecify.annotations.Nullable;

/**
 * A rule as it is written, not validated yet: {@link #effective} validates it.
 *
 * @param metadata a JSON object that the service stores and does not interpret; null where it was
 *     not read, or where the stored one breaks its bounds
 */
public record RuleDefinition(RuleTerms terms, PolicyDefinition policy, @Nullable String metadata) {

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
    Rule rule = new Rule(id, revision, counterEpoch, terms, policy.effective(context.algorithm()));
    context.check(rule);
    return rule;
  }
}
