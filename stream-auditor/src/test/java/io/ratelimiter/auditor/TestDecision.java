package io.ratelimiter.auditor;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.DecisionEvent.Limit;
import io.ratelimiter.schemas.DecisionEvent.Spending;
import io.ratelimiter.schemas.DecisionEvent.Top;
import io.ratelimiter.schemas.DecisionEvent.Verdict;
import io.ratelimiter.schemas.SeriesPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A decision with defaults for the fields that a test does not set. Immutable. */
public record TestDecision(
    String tenant,
    String client,
    String limitKey,
    long cost,
    Outcome outcome,
    @Nullable String rule,
    @Nullable Boolean shadowAllows,
    long decidedAtMicros,
    long latencyMicros,
    Spending spending) {

  private enum Outcome {
    ALLOWED,
    BLOCKED,
    TOO_COSTLY,
    FAILED_CLOSED
  }

  /** Allowed by the rule {@code default} of the tenant {@code default}. */
  public static TestDecision allowed(String client, long decidedAtMicros) {
    return new TestDecision(
        "default",
        client,
        "global",
        1,
        Outcome.ALLOWED,
        "default",
        null,
        decidedAtMicros,
        250,
        Spending.PLAIN);
  }

  /** Blocked by that rule. */
  public static TestDecision blocked(String client, long decidedAtMicros) {
    return new TestDecision(
        "default",
        client,
        "global",
        1,
        Outcome.BLOCKED,
        "default",
        null,
        decidedAtMicros,
        120,
        Spending.PLAIN);
  }

  public TestDecision withCost(long units) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        units,
        outcome,
        rule,
        shadowAllows,
        decidedAtMicros,
        latencyMicros,
        spending);
  }

  public TestDecision withLatency(long micros) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        outcome,
        rule,
        shadowAllows,
        decidedAtMicros,
        micros,
        spending);
  }

  public TestDecision underRule(@Nullable String name) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        outcome,
        name,
        shadowAllows,
        decidedAtMicros,
        latencyMicros,
        spending);
  }

  public TestDecision onKey(String key) {
    return new TestDecision(
        tenant,
        client,
        key,
        cost,
        outcome,
        rule,
        shadowAllows,
        decidedAtMicros,
        latencyMicros,
        spending);
  }

  /** With the verdict of the shadow rule {@code stricter}. */
  public TestDecision withShadow(boolean allows) {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        outcome,
        rule,
        allows,
        decidedAtMicros,
        latencyMicros,
        spending);
  }

  /** With these options, and this wait if it is allowed. */
  public TestDecision with(String priority, long waitMicros) {
    long wait = allowed() ? waitMicros : 0;
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        outcome,
        rule,
        shadowAllows,
        decidedAtMicros,
        latencyMicros,
        new Spending(priority, 1_000, wait, 0));
  }

  /** The store did not answer, and the check failed closed. */
  public TestDecision failedClosed() {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        Outcome.FAILED_CLOSED,
        rule,
        null,
        decidedAtMicros,
        latencyMicros,
        spending);
  }

  /** Of a client of another tenant, under the same rule. */
  public TestDecision of(String otherTenant) {
    return new TestDecision(
        otherTenant,
        client,
        limitKey,
        cost,
        outcome,
        rule,
        shadowAllows,
        decidedAtMicros,
        latencyMicros,
        spending);
  }

  /** Blocked because the cost exceeds the limit. */
  public TestDecision tooCostly() {
    return new TestDecision(
        tenant,
        client,
        limitKey,
        cost,
        Outcome.TOO_COSTLY,
        rule,
        null,
        decidedAtMicros,
        latencyMicros,
        spending);
  }

  public boolean allowed() {
    return outcome == Outcome.ALLOWED;
  }

  public boolean degraded() {
    return outcome == Outcome.FAILED_CLOSED;
  }

  public @Nullable String reason() {
    if (degraded()) {
      return "store_unavailable";
    }
    if (rule == null) {
      return "no_rule";
    }
    return switch (outcome) {
      case TOO_COSTLY -> "cost_exceeds_limit";
      case BLOCKED -> "limit_exceeded";
      case ALLOWED, FAILED_CLOSED -> null;
    };
  }

  /** The event at this place of a series. */
  public DecisionEvent at(SeriesPosition position) {
    List<Limit> limits = new ArrayList<>();
    if (rule != null) {
      limits.add(limit(rule, "enforce", allowed()));
    }
    if (shadowAllows != null) {
      limits.add(limit("stricter", "shadow", shadowAllows));
    }
    return new DecisionEvent(
        position.instance() + position.epoch() + position.partition() + "-" + position.seq(),
        position,
        "correlation",
        tenant(),
        client,
        limitKey,
        Map.of(),
        cost,
        allowed(),
        reason(),
        rule == null ? null : new Top(7, 20, 60, 1L, "token_bucket", rule, id(rule), 1, "enforce"),
        allowed() || outcome == Outcome.TOO_COSTLY ? null : (Long) 100L,
        degraded() ? "none" : "redis",
        degraded(),
        degraded() ? "timeout" : null,
        decidedAtMicros,
        latencyMicros,
        limits,
        spending);
  }

  private Limit limit(String name, String mode, boolean allows) {
    @Nullable Verdict verdict =
        degraded() ? null : new Verdict(7, 1L, allows, decidedAtMicros, false, allows);
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
        null,
        verdict);
  }

  private static long id(String rule) {
    return Math.abs((long) rule.hashCode()) + 1;
  }
}
