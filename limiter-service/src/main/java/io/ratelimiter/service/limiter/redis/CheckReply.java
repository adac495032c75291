package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Judged;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the reply of check.lua from left to right. A reply that the script cannot return is
 * refused, since it would be a verdict on another check: numbers out of range, or verdicts that
 * contradict them.
 */
final class CheckReply {

  private static final long ALLOWED = 1;
  private static final long CHARGED = 2;
  private static final long REBASED = 4;
  private static final long REPLACED = 8;
  private static final long ALL_FLAGS = 15;

  /** Max units under a key; the scripts treat a larger value as foreign. */
  private static final long MAX_COUNT = 100 * Policy.MAX_UNITS;

  private static final long MILLIONTHS = 1_000_000;

  private final Numbers numbers;
  private final Runnable replaced;

  CheckReply(long[] reply, Runnable replaced) {
    this.numbers = new Numbers(reply);
    this.replaced = replaced;
  }

  /** The length of the reply to a check of these rules. */
  static int length(List<Rule> rules) {
    int length = 1;
    for (Rule rule : rules) {
      length += 2 + figures(rule.policy());
    }
    return length;
  }

  private static int figures(Policy policy) {
    return switch (policy) {
      case Policy.FixedWindow _ -> 1;
      case Policy.TokenBucket _, Policy.SlidingWindowCounter _ -> 2;
      case Policy.SlidingWindow _ -> 4;
    };
  }

  /**
   * The decision that was made.
   *
   * @throws MalformedReplyException when this is not a reply to that check
   */
  Decision decision(Check check, List<Rule> rules) {
    Numbers.require(numbers.length() == length(rules), "length", numbers.length());
    Judgement judgement =
        new Judgement(Source.REDIS, null, numbers.next("now", 0, Numbers.MAX), check.cost());
    List<LimitOutcome> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      limits.add(outcome(judgement, rule));
    }
    Decision decision = judgement.decide(limits);
    requireChargedAsDecided(decision, check.cost());
    return decision;
  }

  private LimitOutcome outcome(Judgement judgement, Rule rule) {
    long flags = numbers.next("flags", 0, ALL_FLAGS);
    boolean allowed = (flags & ALLOWED) != 0;
    boolean charged = (flags & CHARGED) != 0;
    // A key's own time rises strictly, and the scripts accept it up to one window ahead.
    long nowMicros = judgement.nowMicros();
    long atMicros = numbers.next("time", nowMicros, nowMicros + rule.policy().windowMicros() + 1);
    Consumption consumption = consumption(rule.policy(), atMicros);
    if (!charged) {
      long retryMicros = consumption.retryAfterMicros(judgement.asked());
      Numbers.require(allowed == (retryMicros == 0), "verdict", flags);
    }
    if ((flags & REPLACED) != 0) {
      replaced.run();
    }
    return judgement.outcome(
        rule,
        new Judgement.Verdict(allowed, charged, (flags & REBASED) != 0),
        atMicros,
        consumption);
  }

  private Consumption consumption(Policy policy, long atMicros) {
    return switch (policy) {
      case Policy.TokenBucket bucket ->
          new Consumption.Debt(
              bucket,
              numbers.next("debt", 0, bucket.burst() * MILLIONTHS),
              numbers.next("elapsed", 0, Numbers.MAX));
      case Policy.FixedWindow window -> new Consumption.Count(window, atMicros, count());
      case Policy.SlidingWindow log ->
          new Consumption.Log(
              log, atMicros, count(), entry(atMicros), entry(atMicros), entry(atMicros));
      case Policy.SlidingWindowCounter counter ->
          new Consumption.Pair(counter, atMicros, count(), count());
    };
  }

  /** All or nothing: a limit is charged when the check is allowed and it allows. */
  private static void requireChargedAsDecided(Decision decision, long cost) {
    boolean charging = decision instanceof Decision.Allowed && cost > 0;
    for (LimitOutcome limit : decision.limits()) {
      if (limit instanceof Judged judged) {
        Numbers.require(
            judged.charged() == (charging && judged.allowed()), "charge", judged.rule().id());
      }
    }
  }

  private long count() {
    return numbers.next("count", 0, MAX_COUNT);
  }

  private long entry(long atMicros) {
    return numbers.next("entry", 0, atMicros);
  }
}
