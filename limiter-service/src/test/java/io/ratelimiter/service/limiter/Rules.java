package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.List;
import java.util.OptionalLong;

/** Rules for tests. */
public final class Rules {

  private Rules() {}

  public static Policy policy(Algorithm algorithm, long limit, long windowSeconds) {
    return Policy.of(algorithm, limit, windowSeconds, OptionalLong.empty());
  }

  public static Policy bucket(long limit, long windowSeconds, long burst) {
    return new Policy.TokenBucket(limit, windowSeconds, burst);
  }

  public static Rule enforcing(long id, Policy policy) {
    return rule(id, policy).limit();
  }

  public static Rule shadow(long id, Policy policy) {
    return rule(id, policy).shadow().limit();
  }

  /** A rule whose limit all limit keys of a client share. */
  public static Rule shared(long id, Policy policy) {
    return rule(id, policy).shared().limit();
  }

  /** A rule that counts by these attributes; without any, all checks of the tenant together. */
  public static Rule countedBy(long id, Policy policy, String... attributes) {
    return rule(id, policy).by(attributes).limit();
  }

  /** A builder of a rule for all clients and limit keys. */
  public static RuleBuilder rule(long id, Policy policy) {
    return RuleBuilder.rule(id, "*", "*").policy(policy);
  }

  /** The same rule with this counter epoch. */
  public static Rule inEpoch(long counterEpoch, Rule rule) {
    return new Rule(
        rule.id(), rule.revision(), counterEpoch, rule.terms(), rule.policy(), rule.spending());
  }

  public static Match match(Rule... rules) {
    return new Match(List.of(rules), 1);
  }
}
