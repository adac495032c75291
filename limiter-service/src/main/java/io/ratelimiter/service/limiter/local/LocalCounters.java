package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.limiter.evaluation.Evaluation.Verdict;
import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.limiter.evaluation.ShareState;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/** Evaluates and charges all limits of a check at once, as check.lua does. Not thread-safe. */
final class LocalCounters {

  private final Shares shares;
  final Accounts accounts;

  /** Counters without any account; the max memory is as in {@link Accounts}. */
  LocalCounters(Shares shares, long maxBytes) {
    this.shares = shares;
    this.accounts = new Accounts(maxBytes);
  }

  /**
   * A limit that was evaluated.
   *
   * @param whole the policy for the check's priority
   * @param share this instance's share of it
   */
  private record EvaluatedLimit(
      Accounts in, Accounts.Found found, Policy whole, Policy share, boolean allowed) {

    Rule rule() {
      return found.rule();
    }

    KeyState state(Account account, long cost) {
      KeyState state = account.state(share, cost);
      return share.equals(whole) ? state : new ShareState(state, whole.capacity());
    }
  }

  /** Drops some of the untouched accounts, which otherwise are dropped only to make room. */
  void dropUntouched(long nowMicros) {
    accounts.begin(nowMicros);
  }

  /**
   * Evaluates and charges.
   *
   * @param shared has the counters that several clients share; may be this
   */
  Decision check(Evaluation evaluation, Check check, List<Rule> rules, LocalCounters shared) {
    List<EvaluatedLimit> evaluated = evaluate(evaluation, check, rules, shared.accounts);
    boolean allowed = evaluated.stream().allMatch(one -> one.allowed() || !one.rule().enforcing());
    List<LimitOutcome> outcomes = new ArrayList<>(evaluated.size());
    for (EvaluatedLimit one : evaluated) {
      outcomes.add(outcome(evaluation, one, allowed && one.allowed() && !check.peek()));
    }
    return evaluation.decide(outcomes);
  }

  private List<EvaluatedLimit> evaluate(
      Evaluation evaluation, Check check, List<Rule> rules, Accounts shared) {
    String prefix = StoreKey.prefix(check, Placement.CLIENT);
    List<EvaluatedLimit> evaluated = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      Policy whole = rule.policyFor(check.priority());
      Policy share = shares.of(whole);
      Accounts in = rule.terms().acrossClients() ? shared : accounts;
      Accounts.Found found = in.find(rule, StoreKey.of(prefix, rule, check));
      Account account = found.held().account;
      account.evaluate(share, shares.of(rule.ceiling()), evaluation.nowMicros());
      KeyState state = account.state(share, evaluation.evaluatedCost());
      boolean allowed = evaluation.allows(rule, state, account.atMicros());
      evaluated.add(new EvaluatedLimit(in, found, whole, share, allowed));
    }
    return evaluated;
  }

  /** Charges the limit if {@code charge}, and returns its outcome. */
  private LimitOutcome outcome(Evaluation evaluation, EvaluatedLimit limit, boolean charge) {
    HeldAccount held = limit.found().held();
    if (charge) {
      held = limit.in().toCharge(limit.found(), evaluation.nowMicros());
      held.account.take(evaluation.check().cost());
    }
    Account account = held.account;
    boolean rebase = account.rebased() && !evaluation.check().peek();
    if (rebase && !charge) {
      account.keep();
    }
    KeyState state = limit.state(account, evaluation.evaluatedCost());
    Verdict verdict = new Verdict(limit.allowed(), charge, account.rebased());
    Evaluated outcome = evaluation.outcome(limit.rule(), verdict, account.atMicros(), state);
    if (charge || rebase) {
      limit.in().changed(held, outcome.resetAtMicros());
    }
    return outcome;
  }
}
