package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.Judgement.Verdict;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.StoreKey;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts of some clients in this process. Evaluates and charges all limits of a check at
 * once, as check.lua does. Not thread-safe.
 */
final class LocalCounters {

  private final Map<String, Account> accounts = new HashMap<>();

  private record Looked(Rule rule, Account account, boolean allowed) {}

  Decision check(Judgement judgement, Check check, List<Rule> rules) {
    List<Looked> looked = look(judgement, check, rules);
    boolean allowed = looked.stream().allMatch(l -> l.allowed() || !l.rule().enforcing());
    List<LimitOutcome> outcomes = new ArrayList<>(looked.size());
    for (Looked one : looked) {
      outcomes.add(outcome(judgement, one, allowed && one.allowed() && !check.peek()));
    }
    return judgement.decide(outcomes);
  }

  private List<Looked> look(Judgement judgement, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check);
    List<Looked> looked = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      Account account = account(StoreKey.of(prefix, rule, check), rule);
      account.look(rule.policy(), judgement.nowMicros());
      long retryAfter =
          account.consumption(rule.policy(), judgement.asked()).retryAfterMicros(judgement.asked());
      looked.add(new Looked(rule, account, retryAfter == 0));
    }
    return looked;
  }

  private static LimitOutcome outcome(Judgement judgement, Looked looked, boolean charge) {
    Account account = looked.account();
    // A rebase is told of the look; keeping it or charging makes it the state.
    Verdict verdict = new Verdict(looked.allowed(), charge, account.rebased());
    if (charge) {
      account.take(judgement.cost());
    } else if (account.rebased()) {
      account.keep();
    }
    return judgement.outcome(
        looked.rule(),
        verdict,
        account.atMicros(),
        account.consumption(looked.rule().policy(), judgement.asked()));
  }

  Adjustment refund(long nowMicros, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      Account account = account(StoreKey.of(prefix, rule, check), rule);
      account.look(rule.policy(), nowMicros);
      long given = account.give(check.cost());
      if (account.rebased()) {
        account.keep();
      }
      limits.add(adjusted(rule, account, given));
    }
    return new Adjustment(true, nowMicros, limits);
  }

  Adjustment reset(long nowMicros, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      String key = StoreKey.of(prefix, rule, check);
      Account account = account(key, rule);
      account.look(rule.policy(), nowMicros);
      long given = account.consumed();
      accounts.remove(key);
      limits.add(
          new Adjustment.Limit(
              rule, account.atMicros(), account.rebased(), given, rule.policy().capacity()));
    }
    return new Adjustment(true, nowMicros, limits);
  }

  private static Adjustment.Limit adjusted(Rule rule, Account account, long given) {
    return new Adjustment.Limit(
        rule,
        account.atMicros(),
        account.rebased(),
        given,
        account.consumption(rule.policy(), 1).remaining());
  }

  private Account account(String key, Rule rule) {
    return accounts.computeIfAbsent(key, _ -> Account.of(rule.policy()));
  }
}
