package io.ratelimiter.service.decisions;

import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.List;
import java.util.UUID;

/** Decisions as the limiter makes them. */
final class Samples {

  static final long NOW_MICROS = 1_790_000_000_123_456L;

  static final Rule RULE = rule(2, new Policy.TokenBucket(20, 60, 25), Mode.ENFORCE);

  static final Rule SHADOW = rule(9, new Policy.FixedWindow(10, 60), Mode.SHADOW);

  private Samples() {}

  private static Rule rule(long id, Policy policy, Mode mode) {
    return RuleBuilder.rule(id, "api_client", "*")
        .named("api_client-" + id)
        .policy(policy)
        .mode(mode)
        .revision(7)
        .limit();
  }

  static CheckResult allowed(String clientId) {
    return result(
        clientId,
        new Decision.Allowed(
            Source.REDIS,
            null,
            NOW_MICROS,
            List.of(
                new LimitOutcome.Evaluated(
                    RULE,
                    true,
                    true,
                    false,
                    NOW_MICROS,
                    19,
                    0,
                    NOW_MICROS + 3_000_001,
                    3_000_000))));
  }

  static CheckResult blocked(String clientId) {
    return result(
        clientId,
        new Decision.Blocked(
            Source.CACHE,
            null,
            NOW_MICROS,
            List.of(
                new LimitOutcome.Evaluated(
                    RULE,
                    false,
                    false,
                    false,
                    NOW_MICROS,
                    0,
                    2_999_001,
                    NOW_MICROS + 60_000_000,
                    2_999_001),
                new LimitOutcome.Evaluated(
                    SHADOW,
                    true,
                    false,
                    true,
                    NOW_MICROS + 1,
                    4,
                    0,
                    NOW_MICROS + 60_000_000,
                    2_999_001)),
            BlockReason.LIMIT_EXCEEDED,
            2_999_001));
  }

  static CheckResult neverSatisfiable(String clientId) {
    return result(
        clientId,
        new Decision.Blocked(
            Source.REDIS,
            null,
            NOW_MICROS,
            List.of(
                new LimitOutcome.Evaluated(
                    RULE,
                    false,
                    false,
                    false,
                    NOW_MICROS,
                    25,
                    LimitOutcome.Evaluated.NEVER,
                    NOW_MICROS,
                    3_000_000)),
            BlockReason.COST_EXCEEDS_LIMIT,
            LimitOutcome.Evaluated.NEVER));
  }

  static CheckResult withoutRule(String clientId) {
    return result(clientId, new Decision.Allowed(Source.NONE, null, NOW_MICROS, List.of()));
  }

  static CheckResult failedOpen(String clientId) {
    return result(
        clientId,
        new Decision.Allowed(
            Source.NONE,
            DegradedReason.CIRCUIT_OPEN,
            NOW_MICROS,
            List.of(new LimitOutcome.NotEvaluated(RULE))));
  }

  static CheckResult failedClosed(String clientId) {
    return result(
        clientId,
        new Decision.FailedClosed(
            DegradedReason.TIMEOUT,
            NOW_MICROS,
            List.of(new LimitOutcome.NotEvaluated(RULE)),
            1_000_000));
  }

  static AdjustmentResult refund(String clientId) {
    return new AdjustmentResult(
        UUID.randomUUID().toString(),
        AdjustmentResult.Kind.REFUND,
        "corr-refund",
        new Check("default", clientId, "global", 3),
        "refund-1",
        new Adjustment(
            true, NOW_MICROS, List.of(new Adjustment.Limit(RULE, NOW_MICROS, false, 3, 22))));
  }

  private static CheckResult result(String clientId, Decision decision) {
    String id = UUID.randomUUID().toString();
    return new CheckResult(
        id, "corr-" + id, new Check("default", clientId, "global", 1), decision, 812);
  }
}
