package io.ratelimiter.service.rules.live;

import io.ratelimiter.service.rules.InvalidRuleSetException;
import io.ratelimiter.service.rules.definition.StoredRuleSet;

/** Where rules are kept and changed by others. Every method blocks. */
interface RuleSource {

  /** What the rules that are read from here are called. */
  RulesStatus.Source name();

  /**
   * Names the state that {@link #read} would find now; cheap.
   *
   * @throws RulesUnavailableException when nobody can tell
   */
  StoredRuleSet.Version version();

  /**
   * All rules of one moment.
   *
   * @throws RulesUnavailableException when they cannot be read now
   * @throws InvalidRuleSetException when they can be read, but are none
   */
  StoredRuleSet read();
}
