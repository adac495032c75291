package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
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
    return rule(id, policy, Mode.ENFORCE, false);
  }

  public static Rule shadow(long id, Policy policy) {
    return rule(id, policy, Mode.SHADOW, false);
  }

  /** A rule whose limit all limit keys of a client share. */
  public static Rule shared(long id, Policy policy) {
    return rule(id, policy, Mode.ENFORCE, true);
  }

  private static Rule rule(long id, Policy policy, Mode mode, boolean shared) {
    return new Rule(
        id,
        "default",
        "rule-" + id,
        "*",
        "*",
        policy,
        mode,
        true,
        shared,
        false,
        null,
        null,
        null,
        1);
  }

  /** The same rule with this counter epoch. */
  public static Rule inEpoch(long counterEpoch, Rule rule) {
    return new Rule(
        rule.id(),
        rule.tenant(),
        rule.name(),
        rule.clientId(),
        rule.limitKey(),
        rule.policy(),
        rule.mode(),
        rule.enabled(),
        rule.shared(),
        rule.always(),
        rule.failMode(),
        rule.validFrom(),
        rule.validUntil(),
        rule.revision(),
        counterEpoch);
  }

  public static Match match(Rule... rules) {
    return new Match(List.of(rules), 1);
  }
}
