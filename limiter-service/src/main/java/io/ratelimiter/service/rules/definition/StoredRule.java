package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import java.time.Instant;

/**
 * A rule as it is stored.
 *
 * @param id stable through edits
 * @param revision of the set at the rule's last change
 * @param counterEpoch as {@link Rule#counterEpoch}; 0 for a rule that is not from the table
 */
public record StoredRule(
    long id,
    RuleDefinition definition,
    long revision,
    long counterEpoch,
    Instant createdAt,
    Instant updatedAt) {

  /** A rule that no table stores: of counter epoch 0 and without times. */
  public StoredRule(long id, RuleDefinition definition, long revision) {
    this(id, definition, revision, 0, Instant.EPOCH, Instant.EPOCH);
  }

  /**
   * The rule under the settings of the service.
   *
   * @throws InvalidRuleSetException naming the rule and the fault
   */
  public AnyRule effective(RuleContext context) {
    try {
      return definition.effective(context, id, revision, counterEpoch);
    } catch (IllegalArgumentException e) {
      RuleTerms terms = definition.terms();
      throw new InvalidRuleSetException(
          "rule %d (%s of tenant %s): %s"
              .formatted(id, terms.name(), terms.tenant(), e.getMessage()),
          e);
    }
  }
}
