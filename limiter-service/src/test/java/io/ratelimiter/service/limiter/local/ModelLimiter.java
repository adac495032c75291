package io.ratelimiter.service.limiter.local;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The algorithms in Java as the reference. Remembers refunds and decisions like the store; keys do
 * not expire.
 */
public final class ModelLimiter implements TimedLimiter {

  private record Remembered(Adjustment adjustment, long untilMicros) {}

  private final LocalCounters counters = new LocalCounters(new Shares(1), Long.MAX_VALUE);
  private final Map<String, Remembered> refunds = new HashMap<>();
  private final ModelSettlements settlements = new ModelSettlements();

  @Override
  public Decision check(long nowMicros, Check check, Match match) {
    Decision decision =
        counters.check(
            new Evaluation(Source.REDIS, null, nowMicros, check), check, match.rules(), counters);
    settlements.record(counters.accounts, check, decision);
    return decision;
  }

  @Override
  public Adjustment refund(long nowMicros, Check check, Match match, @Nullable String refundId) {
    if (refundId == null) {
      return ModelAdjustments.refund(counters.accounts, nowMicros, check, match.rules());
    }
    String key = StoreKey.ofRefund(StoreKey.prefix(check, Placement.CLIENT), check, refundId);
    Remembered known = refunds.get(key);
    if (known != null) {
      return new Adjustment(
          false,
          known.adjustment().decidedAtMicros(),
          known.adjustment().limits().stream()
              .filter(limit -> match.rules().stream().anyMatch(r -> r.id() == limit.rule().id()))
              .map(limit -> with(rule(match, limit.rule().id()), limit))
              .toList());
    }
    Adjustment adjustment =
        ModelAdjustments.refund(counters.accounts, nowMicros, check, match.rules());
    refunds.put(key, new Remembered(adjustment, nowMicros));
    return adjustment;
  }

  private static Rule rule(Match match, long id) {
    return match.rules().stream().filter(rule -> rule.id() == id).findFirst().orElseThrow();
  }

  private static Adjustment.Limit with(Rule rule, Adjustment.Limit limit) {
    return new Adjustment.Limit(
        rule, limit.atMicros(), limit.rebased(), limit.givenBack(), limit.remaining());
  }

  @Override
  public Adjustment reset(long nowMicros, Check check, Match match) {
    return ModelAdjustments.reset(counters.accounts, nowMicros, check, match.rules());
  }

  @Override
  public Optional<Settlement> settle(long nowMicros, SettleRequest request) {
    return settlements.settle(counters.accounts, nowMicros, request);
  }
}
