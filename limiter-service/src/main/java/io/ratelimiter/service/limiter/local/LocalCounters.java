package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Consumption;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Judgement;
import io.ratelimiter.service.limiter.Judgement.Verdict;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Judged;
import io.ratelimiter.service.limiter.StoreKey;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits of clients in this process. Evaluates and charges all limits of a check at once, as
 * check.lua does. Not thread-safe.
 */
final class LocalCounters {

  private final Shares shares;
  private final Accounts accounts;

  /**
   * Creates counters without any account.
   *
   * @param maxBytes max memory of all accounts, bytes, see {@link Accounts}
   */
  LocalCounters(Shares shares, long maxBytes) {
    this.shares = shares;
    this.accounts = new Accounts(maxBytes);
  }

  private record Looked(Accounts.Found found, Policy share, boolean allowed) {

    Rule rule() {
      return found.rule();
    }

    Consumption consumption(Account account, long asked) {
      Consumption part = account.consumption(share, asked);
      Policy whole = rule().policy();
      return share.equals(whole) ? part : new Consumption.Share(part, whole.capacity());
    }
  }

  /** Drops some of the accounts that are untouched; otherwise they are dropped only for room. */
  void dropUntouched(long nowMicros) {
    accounts.begin(nowMicros);
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
      Accounts.Found found = accounts.find(rule, StoreKey.of(prefix, rule, check));
      Account account = found.held().account();
      account.look(share, judgement.nowMicros());
      long asked = judgement.asked();
      boolean allowed = account.consumption(share, asked).retryAfterMicros(asked) == 0;
      looked.add(new Looked(found, share, allowed));
    }
    return looked;
  }

  private LimitOutcome settle(Judgement judgement, Looked looked, boolean charge) {
    Held held = looked.found().held();
    if (charge) {
      held = accounts.toCharge(looked.found(), judgement.nowMicros());
      held.account().take(judgement.cost());
    }
    Account account = held.account();
    boolean setBack = account.rebased() && judgement.cost() > 0;
    if (setBack && !charge) {
      account.keep();
    }
    Judged outcome =
        judgement.outcome(
            looked.rule(),
            new Verdict(looked.allowed(), charge, account.rebased()),
            account.atMicros(),
            looked.consumption(account, judgement.asked()));
    if (charge || setBack) {
      accounts.changed(held, outcome.resetAtMicros());
    }
    return outcome;
  }

  Adjustment refund(long nowMicros, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      Held held = accounts.find(rule, StoreKey.of(prefix, rule, check)).held();
      Account account = held.account();
      account.look(rule.policy(), nowMicros);
      long given = account.give(check.cost());
      if (account.rebased()) {
        account.keep();
      }
      Consumption left = account.consumption(rule.policy(), 1);
      if (held.kept()) {
        accounts.changed(held, account.atMicros() + left.resetAfterMicros());
      }
      limits.add(
          new Adjustment.Limit(
              rule, account.atMicros(), account.rebased(), given, left.remaining()));
    }
    return new Adjustment(true, nowMicros, limits);
  }

  Adjustment reset(long nowMicros, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      Held held = accounts.find(rule, StoreKey.of(prefix, rule, check)).held();
      Account account = held.account();
      account.look(rule.policy(), nowMicros);
      if (held.kept()) {
        accounts.drop(held);
      }
      // With the account goes its own time: what comes next may stand before what was forgotten.
      boolean rebased = account.rebased() || account.atMicros() > nowMicros;
      limits.add(
          new Adjustment.Limit(
              rule, account.atMicros(), rebased, account.consumed(), rule.policy().capacity()));
    }
    return new Adjustment(true, nowMicros, limits);
  }

  /** Memory of all accounts, bytes. */
  long bytes() {
    return accounts.bytes();
  }

  /** Number of accounts that are kept. */
  int accounts() {
    return accounts.size();
  }
}
