package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.Judgement.Verdict;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.StoreKey;
import io.ratelimiter.service.rules.Policy;
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
  private final Shares shares;
  private int weight;

  LocalCounters(Shares shares) {
    this.shares = shares;
  }

  private record Looked(Rule rule, Policy share, Account account, boolean allowed) {

    Consumption consumption(long asked) {
      Consumption part = account.consumption(share, asked);
      return share.equals(rule.policy())
          ? part
          : new Consumption.Share(part, rule.policy().capacity());
    }
  }

  Decision check(Judgement judgement, Check check, List<Rule> rules) {
    List<Looked> looked = look(judgement, check, rules);
    boolean allowed = looked.stream().allMatch(one -> one.allowed() || !one.rule().enforcing());
    List<LimitOutcome> outcomes = new ArrayList<>(looked.size());
    for (Looked one : looked) {
      outcomes.add(settle(judgement, one, allowed && one.allowed() && !check.peek()));
    }
    return judgement.decide(outcomes);
  }

  private List<Looked> look(Judgement judgement, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check);
    List<Looked> looked = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      Policy share = shares.of(rule.policy());
      Account account = account(StoreKey.of(prefix, rule, check), rule);
      account.look(share, judgement.nowMicros());
      long asked = judgement.asked();
      boolean allowed = account.consumption(share, asked).retryAfterMicros(asked) == 0;
      looked.add(new Looked(rule, share, account, allowed));
    }
    return looked;
  }

  private LimitOutcome settle(Judgement judgement, Looked looked, boolean charge) {
    Account account = looked.account();
    int before = account.weight();
    Verdict verdict = new Verdict(looked.allowed(), charge, account.rebased());
    if (charge) {
      account.take(judgement.cost());
    } else if (account.rebased() && judgement.cost() > 0) {
      account.keep();
    }
    weight += account.weight() - before;
    return judgement.outcome(
        looked.rule(), verdict, account.atMicros(), looked.consumption(judgement.asked()));
  }

  Adjustment refund(long nowMicros, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      Account account = account(StoreKey.of(prefix, rule, check), rule);
      account.look(rule.policy(), nowMicros);
      int before = account.weight();
      long given = account.give(check.cost());
      if (account.rebased()) {
        account.keep();
      }
      weight += account.weight() - before;
      long remaining = account.consumption(rule.policy(), 1).remaining();
      limits.add(
          new Adjustment.Limit(rule, account.atMicros(), account.rebased(), given, remaining));
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
      accounts.remove(key);
      weight -= account.weight();
      // With the account goes its own time: what comes next may stand before what was forgotten.
      boolean rebased = account.rebased() || account.atMicros() > nowMicros;
      limits.add(
          new Adjustment.Limit(
              rule, account.atMicros(), rebased, account.consumed(), rule.policy().capacity()));
    }
    return new Adjustment(true, nowMicros, limits);
  }

  /** Sum of the accounts' {@link Account#weight}; kept, since a client may have very many. */
  int weight() {
    return weight;
  }

  private Account account(String key, Rule rule) {
    return accounts.computeIfAbsent(
        key,
        _ -> {
          Account account = Account.of(rule.policy());
          weight += account.weight();
          return account;
        });
  }
}
