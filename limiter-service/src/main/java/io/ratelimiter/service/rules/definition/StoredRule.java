package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.Rule;
import java.time.Instant;

/**
 * A rule as it is kept.
 *
 * @param id stable through edits
 * @param revision of the set at the rule's last change
 * @param counterEpoch as {@link Rule#counterEpoch}; 0 where no table keeps the rule
 */
public record StoredRule(
    long id,
    RuleDefinition definition,
    long revision,
    long counterEpoch,
    Instant createdAt,
    Instant updatedAt) {

  /** The rule that this is where {@code inherited} is the service's algorithm. */
  AnyRule under(Algorithm inherited) {
    try {
      return definition.under(inherited, id, revision, counterEpoch);
    } catch (IllegalArgumentException e) {
      throw new InvalidRuleSetException(
          "rule %d (%s of tenant %s): %s"
              .formatted(id, definition.name(), definition.tenant(), e.getMessage()),
          e);
    }
  }
}
