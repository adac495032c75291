package io.ratelimiter.service.limiter;

import io.ratelimiter.service.limiter.evaluation.BucketState;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import java.util.List;

/** A check of one token bucket, its rule and its decision. */
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
    Evaluation evaluation = new Evaluation(Source.REDIS, null, now, CHECK);
    return evaluation.decide(
        List.of(
            evaluation.outcome(
                rule,
                new Evaluation.Verdict(true, true, false),
                now,
                new BucketState((Policy.TokenBucket) rule.policy(), 7_000_000, 0))));
  }
}
