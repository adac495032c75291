package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.StoredRuleSet;

/** A place where rules are stored and may change. Every method blocks. */
public interface RuleSource {

  /** The name of this kind of source. */
  RulesState.Source name();

  /**
   * The version of the set that {@link #read} would return now; cheap.
   *
   * @throws RulesUnavailableException when it cannot be read now
   */
  StoredRuleSet.Version version();

  /**
   * All rules at one version.
   *
   * @throws RulesUnavailableException when they cannot be read now
   * @throws InvalidRuleSetException when they can be read, and one is invalid
   */
  StoredRuleSet read();
}
