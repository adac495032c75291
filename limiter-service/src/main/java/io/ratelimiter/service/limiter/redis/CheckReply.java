package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/** Reads the reply of check.lua from left to right. */
final class CheckReply {

  private static final long ALLOWED = 1;
  private static final long CHARGED = 2;
  private static final long REBASED = 4;
  private static final long REPLACED = 8;

  private final long[] reply;
  private final Runnable replaced;
  private int position;

  CheckReply(long[] reply, Runnable replaced) {
    this.reply = reply;
    this.replaced = replaced;
  }

  Decision decision(Check check, List<Rule> rules) {
    Judgement judgement = new Judgement(Source.REDIS, null, next(), check.cost());
    List<LimitOutcome> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      limits.add(outcome(judgement, rule));
    }
    return judgement.decide(limits);
  }

  private LimitOutcome outcome(Judgement judgement, Rule rule) {
    long flags = next();
    if ((flags & REPLACED) != 0) {
      replaced.run();
    }
    Judgement.Verdict verdict =
        new Judgement.Verdict(
            (flags & ALLOWED) != 0, (flags & CHARGED) != 0, (flags & REBASED) != 0);
    long atMicros = next();
    return judgement.outcome(rule, verdict, atMicros, consumption(rule.policy(), atMicros));
  }

  private Consumption consumption(Policy policy, long atMicros) {
    return switch (policy) {
      case Policy.TokenBucket bucket -> new Consumption.Debt(bucket, next(), next());
      case Policy.FixedWindow window -> new Consumption.Count(window, atMicros, next());
      case Policy.SlidingWindow log ->
          new Consumption.Log(log, atMicros, next(), next(), next(), next());
      case Policy.SlidingWindowCounter counter ->
          new Consumption.Pair(counter, atMicros, next(), next());
    };
  }

  private long next() {
    return reply[position++];
  }
}
