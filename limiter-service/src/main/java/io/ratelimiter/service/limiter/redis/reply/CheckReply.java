package io.ratelimiter.service.limiter.redis.reply;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.evaluation.BucketState;
import io.ratelimiter.service.limiter.evaluation.CounterState;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.limiter.evaluation.LogState;
import io.ratelimiter.service.limiter.evaluation.WindowState;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the reply of check.lua from left to right. A reply that the script cannot return, with
 * numbers out of range or verdicts that contradict them, is refused, since it would belong to
 * another check.
 */
public final class CheckReply {

  private static final long ALLOWED = 1;
  private static final long CHARGED = 2;
  private static final long REBASED = 4;
  private static final long REPLACED = 8;
  private static final long ALL_FLAGS = 15;

  /** Max units under a key; the scripts replace a larger value. */
  private static final long MAX_COUNT = 100 * Policy.MAX_UNITS;

  private static final long MILLIONTHS = 1_000_000;

  private final ReplyNumbers numbers;
  private final Runnable foreignKey;

  /**
   * Reads one reply.
   *
   * @param length of {@link #length}
   * @param foreignKey run for each limit under whose key a foreign value was replaced
   * @throws MalformedReplyException when the reply has another length
   */
  public CheckReply(long[] reply, int length, Runnable foreignKey) {
    ReplyNumbers.require(reply.length == length, "length", reply.length);
    this.numbers = new ReplyNumbers(reply);
    this.foreignKey = foreignKey;
  }

  /** The length of the reply to a check of these rules, integers. */
  public static int length(List<Rule> rules) {
    int length = 1;
    for (Rule rule : rules) {
      length += 2 + stateLength(rule.policy());
    }
    return length;
  }

  private static int stateLength(Policy policy) {
    return switch (policy) {
      case Policy.FixedWindow _ -> 1;
      case Policy.TokenBucket _, Policy.SlidingWindowCounter _ -> 2;
      case Policy.SlidingWindow _ -> 4;
      case Policy.Ban _ -> throw new IllegalArgumentException("rate 0 is not counted");
    };
  }

  /**
   * The decision.
   *
   * @throws MalformedReplyException when this is not a reply to this check
   */
  public Decision decision(Check check, List<Rule> rules) {
    Evaluation evaluation =
        new Evaluation(Source.REDIS, null, numbers.next("now", 0, ReplyNumbers.MAX), check);
    List<LimitOutcome> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      limits.add(outcome(evaluation, rule));
    }
    Decision decision = evaluation.decide(limits);
    requireChargedAsDecided(decision, check.cost());
    return decision;
  }

  private LimitOutcome outcome(Evaluation evaluation, Rule rule) {
    long flags = numbers.next("flags", 0, ALL_FLAGS);
    boolean allowed = (flags & ALLOWED) != 0;
    boolean charged = (flags & CHARGED) != 0;
    // A key's own time always increases, and the scripts accept it up to one window ahead.
    long nowMicros = evaluation.nowMicros();
    long atMicros = numbers.next("time", nowMicros, nowMicros + rule.policy().windowMicros() + 1);
    KeyState state = state(rule, evaluation.check().priority(), atMicros);
    // The state includes a charged cost, so the verdict on that cost does not follow from it.
    boolean allows =
        charged
            ? evaluation.permitsWait(rule, state.chargedStartMicros(), atMicros)
            : evaluation.allows(rule, state, atMicros);
    ReplyNumbers.require(allowed == allows, "verdict", flags);
    if ((flags & REPLACED) != 0) {
      foreignKey.run();
    }
    return evaluation.outcome(
        rule, new Evaluation.Verdict(allowed, charged, (flags & REBASED) != 0), atMicros, state);
  }

  private KeyState state(Rule rule, Priority priority, long atMicros) {
    return switch (rule.policyFor(priority)) {
      case Policy.TokenBucket bucket ->
          new BucketState(
              bucket,
              numbers.next("debt", 0, rule.ceiling() * MILLIONTHS),
              numbers.next("elapsed", 0, ReplyNumbers.MAX));
      case Policy.FixedWindow window -> new WindowState(window, atMicros, count());
      case Policy.SlidingWindow log ->
          new LogState(log, atMicros, count(), entry(atMicros), entry(atMicros), entry(atMicros));
      case Policy.SlidingWindowCounter counter ->
          new CounterState(counter, atMicros, count(), count());
      case Policy.Ban _ -> throw new IllegalArgumentException("rate 0 is not counted");
    };
  }

  /** A limit is charged exactly when the check is allowed and the limit allows it. */
  private static void requireChargedAsDecided(Decision decision, long cost) {
    boolean charging = decision instanceof Decision.Allowed && cost > 0;
    for (LimitOutcome limit : decision.limits()) {
      if (limit instanceof Evaluated evaluated) {
        ReplyNumbers.require(
            evaluated.charged() == (charging && evaluated.allowed()),
            "charge",
            evaluated.rule().id());
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
