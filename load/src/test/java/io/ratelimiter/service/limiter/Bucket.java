package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import java.util.List;

/** What a check of one token bucket meets and what comes of it. */
public final class Bucket {

  public static final Check CHECK = new Check("default", "client-00001234", "global", 1);

  private Bucket() {}

  public static Rule rule(long id, String clientId) {
    RuleTerms terms = RuleTerms.enforcing("default", "rule-" + id, clientId, "*");
    return new Rule(id, 1, terms, new Policy.TokenBucket(100, 60, 100));
  }

  public static Decision allowed() {
    Rule rule = rule(1, "*");
    long now = 1_795_516_257_866_123L;
    Judgement judgement = new Judgement(Source.REDIS, null, now, 1);
    return judgement.decide(
        List.of(
            judgement.outcome(
                rule,
                new Judgement.Verdict(true, true, false),
                now,
                new Consumption.Debt((Policy.TokenBucket) rule.policy(), 7_000_000, 0))));
  }
}
