package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.AdjustmentEvent.Settled;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys of rows, and adjustments, under the rules of {@code TestDecision}. */
final class TestRows {

  private static final String RULES_TENANT = "default";

  private TestRows() {}

  static Dimensions client(long minute, int part, String client, String limitKey, String rule) {
    return Dimensions.of(
        Kind.CLIENT, minute, part, "", "default", client, limitKey, rule, algorithm(rule));
  }

  static Dimensions total(long minute, int part, String rule) {
    return rule.equals("(none)")
        ? new Dimensions(
            Kind.TOTAL, minute, part, 0, List.of("", "(none)", "(none)", "(none)", "(none)"))
        : new Dimensions(
            Kind.TOTAL, minute, part, 1, List.of("", RULES_TENANT, "*", rule, algorithm(rule)));
  }

  static Dimensions tenant(long minute, int part, String tenant) {
    return Dimensions.of(Kind.TENANT_TOTAL, minute, part, "", tenant);
  }

  static Dimensions instance(long minute, String instance, String source, String degradedReason) {
    return Dimensions.of(Kind.INSTANCE_TOTAL, minute, 0, "", instance, source, degradedReason);
  }

  static Dimensions bill(long day, String tenant, String client) {
    return Dimensions.of(Kind.BILL, day, 0, "", tenant, client);
  }

  private static String algorithm(String rule) {
    return rule.equals("(none)") ? "(none)" : "token_bucket";
  }

  /** A refund of this cost or, if it is 0, a reset, of a client under the rule {@code default}. */
  static AdjustmentEvent adjustment(
      String tenant, String client, long cost, SeriesPosition position, long decidedAtMicros) {
    String kind = cost > 0 ? "refund" : "reset";
    return event(tenant, client, kind, cost, position, decidedAtMicros, null);
  }

  /** A settlement of a decision of the rule {@code default}. */
  static AdjustmentEvent settlement(
      String tenant,
      String client,
      long cost,
      Settled settled,
      SeriesPosition position,
      long decidedAtMicros) {
    return event(tenant, client, AdjustmentEvent.SETTLE, cost, position, decidedAtMicros, settled);
  }

  private static AdjustmentEvent event(
      String tenant,
      String client,
      String kind,
      long cost,
      SeriesPosition position,
      long decidedAtMicros,
      @Nullable Settled settled) {
    return new AdjustmentEvent(
        "adjustment-" + position,
        kind,
        position,
        "correlation",
        tenant,
        client,
        "global",
        Map.of(),
        cost,
        null,
        decidedAtMicros,
        List.of(
            new AdjustmentEvent.Limit(
                "default",
                1,
                RULES_TENANT,
                "*",
                1,
                "token_bucket",
                20,
                (Long) 20L,
                60,
                false,
                null,
                decidedAtMicros,
                false,
                settled == null ? cost : Math.max(0, settled.estimate() - cost))),
        settled);
  }
}
