package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/** The arguments of spending.lua, which only some checks need. */
final class SpendingArguments {

  private SpendingArguments() {}

  /**
   * Whether a check needs spending.lua: it can be settled, may wait, or is on a bucket whose debt
   * may exceed the capacity for the check's priority.
   */
  static boolean needed(Check check, List<Rule> rules) {
    if (check.options().settles() && !check.peek()) {
      return true;
    }
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (!rule.spending().plain() && debtMayExceed(rule, check.priority())) {
        return true;
      }
    }
    return false;
  }

  private static boolean debtMayExceed(Rule rule, Priority priority) {
    return rule.policy() instanceof Policy.TokenBucket bucket
        && rule.ceiling() > bucket.burst() - rule.reserved(priority);
  }

  /**
   * Adds the keys of the tallies of the buckets among these rules.
   *
   * @param counters the key of each rule
   */
  static void addTallies(List<String> keys, List<String> counters, List<Rule> rules) {
    List<String> tallies = new ArrayList<>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).policy() instanceof Policy.TokenBucket) {
        tallies.add(StoreKey.ofTally(counters.get(i)));
      }
    }
    keys.addAll(tallies);
  }

  /** Adds the keys and arguments after those of check.lua. */
  static void add(
      Check check,
      List<Rule> rules,
      List<String> keys,
      List<String> arguments,
      Placement placement) {
    for (Rule rule : rules) {
      arguments.add(Long.toString(rule.ceiling()));
      arguments.add(Long.toString(Evaluation.maxWaitMicros(check, rule)));
    }
    String decisionId = check.options().decisionId();
    if (decisionId != null && !check.peek()) {
      keys.add(StoreKey.ofSettlement(StoreKey.prefix(check, placement), decisionId));
      arguments.add(Long.toString(check.options().settleWithinMillis()));
      arguments.add(SettlementRecord.text(check, rules));
      addTallies(keys, keys.subList(0, rules.size()), rules);
    }
  }
}
