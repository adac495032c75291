package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.evaluation.BucketState;
import io.ratelimiter.service.limiter.evaluation.CounterState;
import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.limiter.evaluation.LogState;
import io.ratelimiter.service.limiter.evaluation.ShareState;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.limiter.evaluation.WindowState;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settlements of the reference model, as settle.lua makes them; records do not expire. */
final class ModelSettlements {

  private static final long MILLIONTHS = 1_000_000;

  private record Recorded(Check check, List<Charged> charged) {}

  private record Charged(Rule rule, Account.Charge charge) {}

  private final Map<String, Recorded> records = new HashMap<>();
  private final Map<String, Settlement> settled = new HashMap<>();

  /** Units that settlements have given back on each counter; a reset keeps them. */
  private final Map<String, Long> tallies = new HashMap<>();

  /** Records a decision that can be settled. */
  void record(Accounts accounts, Check check, Decision decision) {
    String id = check.options().decisionId();
    if (id == null || check.peek() || !(decision instanceof Decision.Allowed)) {
      return;
    }
    List<Charged> charged =
        decision.limits().stream()
            .filter(limit -> ((Evaluated) limit).charged())
            .map(limit -> new Charged(limit.rule(), lastCharge(accounts, limit.rule(), check)))
            .toList();
    Check plain =
        new Check(
            check.tenant(), check.clientId(), check.limitKey(), check.attributes(), check.cost());
    records.put(key(check.tenant(), check.clientId(), id), new Recorded(plain, charged));
  }

  Optional<Settlement> settle(Accounts accounts, long nowMicros, SettleRequest request) {
    String key = key(request.tenant(), request.clientId(), request.decisionId());
    Recorded recorded = records.get(key);
    if (recorded == null) {
      return Optional.empty();
    }
    Settlement first = settled.get(key);
    if (first != null) {
      return Optional.of(repeated(first, request));
    }
    List<Adjustment.Limit> limits = new ArrayList<>();
    for (Charged charged : recorded.charged()) {
      Charged now = new Charged(request.inForce().apply(charged.rule()), charged.charge());
      limits.add(settle(accounts, nowMicros, now, recorded.check(), request.cost()));
    }
    Settlement settlement =
        new Settlement(recorded.check(), request.cost(), new Adjustment(true, nowMicros, limits));
    settled.put(key, settlement);
    return Optional.of(settlement);
  }

  private static Settlement repeated(Settlement first, SettleRequest request) {
    Adjustment made = first.adjustment();
    List<Adjustment.Limit> limits =
        made.limits().stream()
            .map(limit ->
                new Adjustment.Limit(
                    request.inForce().apply(limit.rule()),
                    limit.atMicros(),
                    limit.rebased(),
                    limit.givenBack(),
                    limit.taken(),
                    limit.uncharged(),
                    limit.remaining()))
            .toList();
    return new Settlement(
        first.check(), first.cost(), new Adjustment(false, made.decidedAtMicros(), limits));
  }

  private Adjustment.Limit settle(
      Accounts accounts, long nowMicros, Charged charged, Check check, long cost) {
    Rule rule = charged.rule();
    HeldAccount held = held(accounts, rule, check);
    Account account = held.account;
    account.evaluate(rule.policy(), rule.ceiling(), nowMicros);
    long more = cost - check.cost();
    long given = more < 0 ? giveOf(account, charged.charge(), counter(rule, check), -more) : 0;
    long taken = Math.min(Math.max(0, more), room(rule, account.state(rule.policy(), 1)));
    if (taken > 0) {
      account.take(taken);
    } else if (account.rebased()) {
      account.keep();
    }
    KeyState left = account.state(rule.policy(), 1);
    if (held.kept() || taken > 0) {
      accounts.changed(held, account.atMicros() + left.resetAfterMicros());
    }
    return new Adjustment.Limit(
        rule,
        account.atMicros(),
        account.rebased(),
        given,
        taken,
        Math.max(0, more) - taken,
        left.remaining());
  }

  /** Whole units up to capacity and overdraft. */
  private static long room(Rule rule, KeyState state) {
    long max = rule.policy().capacity() + rule.spending().overdraft();
    return switch (state) {
      case BucketState bucket ->
          Math.max(0, max * MILLIONTHS - bucket.debtMillionths()) / MILLIONTHS;
      case WindowState window -> Math.max(0, max - window.used());
      case LogState log -> Math.max(0, max - log.used());
      case CounterState counter -> Math.max(0, max - counter.estimate());
      case ShareState _ -> throw new IllegalArgumentException("the model counts whole limits");
    };
  }

  private Account.Charge lastCharge(Accounts accounts, Rule rule, Check check) {
    return held(accounts, rule, check)
        .account
        .lastCharge(check.cost(), tallies.getOrDefault(counter(rule, check), 0L));
  }

  private long giveOf(Account account, Account.Charge charge, String counter, long cost) {
    long given = account.giveOf(charge, tallies.getOrDefault(counter, 0L), cost);
    tallies.merge(counter, given, Long::sum);
    return given;
  }

  private static String counter(Rule rule, Check check) {
    return StoreKey.of(StoreKey.prefix(check, Placement.CLIENT), rule, check);
  }

  private static HeldAccount held(Accounts accounts, Rule rule, Check check) {
    return accounts
        .find(rule, StoreKey.of(StoreKey.prefix(check, Placement.CLIENT), rule, check))
        .held();
  }

  private static String key(String tenant, String clientId, String id) {
    return tenant + "/" + clientId + "/" + id;
  }
}
