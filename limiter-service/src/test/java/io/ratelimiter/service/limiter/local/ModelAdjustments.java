package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.evaluation.KeyState;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;

/** Refunds and resets of the reference model; the fallback has none. */
final class ModelAdjustments {

  private ModelAdjustments() {}

  /** Refunds as refund.lua does. */
  static Adjustment refund(Accounts accounts, long nowMicros, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check, Placement.CLIENT);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      HeldAccount held = accounts.find(rule, StoreKey.of(prefix, rule, check)).held();
      Account account = held.account;
      account.evaluate(rule.policy(), rule.ceiling(), nowMicros);
      long given = account.give(check.cost());
      if (account.rebased()) {
        account.keep();
      }
      KeyState left = account.state(rule.policy(), 1);
      if (held.kept()) {
        accounts.changed(held, account.atMicros() + left.resetAfterMicros());
      }
      limits.add(
          new Adjustment.Limit(
              rule, account.atMicros(), account.rebased(), given, left.remaining()));
    }
    return new Adjustment(true, nowMicros, limits);
  }

  /** Resets as reset.lua does. */
  static Adjustment reset(Accounts accounts, long nowMicros, Check check, List<Rule> rules) {
    String prefix = StoreKey.prefix(check, Placement.CLIENT);
    List<Adjustment.Limit> limits = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      HeldAccount held = accounts.find(rule, StoreKey.of(prefix, rule, check)).held();
      Account account = held.account;
      account.evaluate(rule.policy(), rule.ceiling(), nowMicros);
      if (held.kept()) {
        accounts.drop(held);
      }
      // The account's own time is dropped too, so the next charge may precede the dropped ones.
      boolean rebased = account.rebased() || account.atMicros() > nowMicros;
      limits.add(
          new Adjustment.Limit(
              rule, account.atMicros(), rebased, account.consumed(), rule.policy().capacity()));
    }
    return new Adjustment(true, nowMicros, limits);
  }
}
