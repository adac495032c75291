package io.ratelimiter.auditor;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.DecisionEvent.Top;
import io.ratelimiter.schemas.DecisionEvent.Verdict;
import io.ratelimiter.schemas.SeriesPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A decision with defaults for the fields that a test does not set. Immutable. */
public record TestDecision(
    String tenant,
    String client,
    String limitKey,
    long cost,
    boolean allowed,
    @Nullable String reason,
    @Nullable String rule,
    boolean degraded,
    @Nullable Boolean shadowAllows,
    long decidedAtMicros,
    long latencyMicros) {

  /** Allowed by the rule {@code default} of the tenant {@code default}. */
  public static TestDecision allowed(String client, long decidedAtMicros) {
    return new TestDecision(
        "default", client, "global", 1, true, null, "default", false, null, decidedAtMicros, 250);
  }

  /** Blocked by that rule. */
  public static TestDecision blocked(String client, long decidedAtMicros) {
    return new TestDecision(
        "default",
        client,
        "global",
        1,
        false,
        "limit_exceeded",
        "default",
        false,
        null,
        decidedAtMicros,
        120);
  }

  public TestDecision withCost(long units) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        units,
        allowed,
        reason,
        rule,
        degraded,
        shadowAllows,
        decidedAtMicros,
        latencyMicros);
  }

  public TestDecision withLatency(long micros) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        allowed,
        reason,
        rule,
        degraded,
        shadowAllows,
        decidedAtMicros,
        micros);
  }

  public TestDecision underRule(@Nullable String name) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        allowed,
        name == null ? "no_rule" : reason,
        name,
        degraded,
        shadowAllows,
        decidedAtMicros,
        latencyMicros);
  }

  public TestDecision onKey(String key) {
    return new TestDecision(
        tenant,
        client,
        key,
        cost,
        allowed,
        reason,
        rule,
        degraded,
        shadowAllows,
        decidedAtMicros,
        latencyMicros);
  }

  /** With the verdict of the shadow rule {@code stricter}. */
  public TestDecision withShadow(boolean allows) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        allowed,
        reason,
        rule,
        degraded,
        allows,
        decidedAtMicros,
        latencyMicros);
  }

  /** The store did not answer, and the check failed closed. */
  public TestDecision failedClosed() {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        false,
        "store_unavailable",
        rule,
        true,
        null,
        decidedAtMicros,
        latencyMicros);
  }

  /** The event at this place of a series. */
  public DecisionEvent at(SeriesPosition position) {
    List<Limit> limits = new ArrayList<>();
    if (rule != null) {
      limits.add(limit(rule, "enforce", allowed));
    }
    if (shadowAllows != null) {
      limits.add(limit("stricter", "shadow", shadowAllows));
    }
    return new DecisionEvent(
        position.instance() + position.epoch() + position.partition() + "-" + position.seq(),
        position,
        "correlation",
        tenant,
        client,
        limitKey,
        cost,
        allowed,
        reason,
        rule == null ? null : new Top(7, 20, 60, 1L, "token_bucket", rule, id(rule), 1, "enforce"),
        allowed ? null : (Long) 100L,
        degraded ? "none" : "redis",
        degraded,
        degraded ? "timeout" : null,
        decidedAtMicros,
        latencyMicros,
        limits);
  }

  private Limit limit(String name, String mode, boolean allows) {
    @Nullable Verdict verdict =
        degraded ? null : new Verdict(7, 1L, allows, decidedAtMicros, false, allows);
    return new Limit(
        name,
        id(name),
        "default",
        "*",
        1,
        "token_bucket",
        20,
        (Long) 20L,
        60,
        mode,
        false,
        verdict);
  }

  private static long id(String rule) {
    return Math.abs((long) rule.hashCode()) + 1;
  }
}
