package io.ratelimiter.schemas;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decision on the decisions topic ({@code decision.v1.json}).
 *
 * @param decisionId unique; records with the same id are duplicates of one decision
 * @param position place in the publisher's series
 * @param correlationId as returned to the caller
 * @param attributes of the check, by name in ascending order; may be empty
 * @param cost requested units, min 1
 * @param reason of a block, or {@code no_rule}; null when a rule allowed
 * @param top the limit whose figures the answer shows; null without a rule
 * @param source {@code redis}, {@code local}, {@code cache} or {@code none}
 * @param degradedReason the store's fault; null when not degraded
 * @param decidedAtMicros time of the store, microseconds since 1970; that of the service when the
 *     store did not answer
 * @param latencyMicros from the request to the decision
 * @param limits all limits of the check, enforcing ones first
 * @param spending how the cost was to be spent
 */
public record DecisionEvent(
    String decisionId,
    SeriesPosition position,
    String correlationId,
    String tenant,
    String clientId,
    String limitKey,
    Map<String, String> attributes,
    long cost,
    boolean allowed,
    @Nullable String reason,
    @Nullable Top top,
    @Nullable Long retryAfterMillis,
    String source,
    boolean degraded,
    @Nullable String degradedReason,
    long decidedAtMicros,
    long latencyMicros,
    List<Limit> limits,
    Spending spending) {

  /** The {@code schema_version} that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** {@code reason} of a check that is allowed because no rule applies. */
  public static final String NO_RULE = "no_rule";

  /** {@code reason} of a check that failed closed. */
  public static final String STORE_UNAVAILABLE = "store_unavailable";

  /** Value of tenant, rule and algorithm where no rule applied. */
  public static final String NONE = "(none)";

  public DecisionEvent {
    attributes = EventAttributes.sorted(attributes);
    limits = List.copyOf(limits);
  }

  /** A decision with plain spending. */
  public DecisionEvent(
      String decisionId,
      SeriesPosition position,
      String correlationId,
      String tenant,
      String clientId,
      String limitKey,
      Map<String, String> attributes,
      long cost,
      boolean allowed,
      @Nullable String reason,
      @Nullable Top top,
      @Nullable Long retryAfterMillis,
      String source,
      boolean degraded,
      @Nullable String degradedReason,
      long decidedAtMicros,
      long latencyMicros,
      List<Limit> limits) {
    this(
        decisionId,
        position,
        correlationId,
        tenant,
        clientId,
        limitKey,
        attributes,
        cost,
        allowed,
        reason,
        top,
        retryAfterMillis,
        source,
        degraded,
        degradedReason,
        decidedAtMicros,
        latencyMicros,
        limits,
        Spending.PLAIN);
  }

  /** This decision at another position of a series. */
  public DecisionEvent at(SeriesPosition other) {
    return new DecisionEvent(
        decisionId,
        other,
        correlationId,
        tenant,
        clientId,
        limitKey,
        attributes,
        cost,
        allowed,
        reason,
        top,
        retryAfterMillis,
        source,
        degraded,
        degradedReason,
        decidedAtMicros,
        latencyMicros,
        limits,
        spending);
  }

  /**
   * How the cost of a check was to be spent, and when the caller may start.
   *
   * @param priority {@code high}, {@code normal} or {@code low}
   * @param maxWaitMillis max time that the caller waits for its units, ms
   * @param waitMicros from the decision's time until the caller may start, microseconds; 0 when not
   *     waiting
   * @param settleWithinMillis for how long the decision can be settled, ms; 0: it cannot be
   */
  public record Spending(
      String priority, long maxWaitMillis, long waitMicros, long settleWithinMillis) {

    /** The priority of a check that names none. */
    public static final String NORMAL = "normal";

    /** Normal priority, no waiting, no settlement: writes no field. */
    public static final Spending PLAIN = new Spending(NORMAL, 0, 0, 0);
  }

  /**
   * The limit whose figures the answer shows.
   *
   * @param remaining whole units left
   * @param limit the rule's rate; 0 blocks every check
   * @param windowSeconds the rule's window
   * @param resetAtMillis time at which the whole limit is available again, milliseconds since 1970;
   *     null without a verdict of the store
   * @param ruleRevision revision of the rule set at the rule's last change
   * @param mode {@code enforce}: a shadow rule is never at the top
   */
  public record Top(
      long remaining,
      long limit,
      long windowSeconds,
      @Nullable Long resetAtMillis,
      String algorithm,
      String rule,
      long ruleId,
      long ruleRevision,
      String mode) {}

  /**
   * A limit of the check.
   *
   * @param ruleTenant the rule's tenant
   * @param ruleLimitKey the rule's pattern, {@code *} or a limit key
   * @param limit the rule's rate; 0 blocks every check
   * @param burst capacity of a token bucket, null otherwise and with a limit of 0
   * @param verdict null if the limit was not evaluated: the check failed open or closed, a rule of
   *     rate 0 blocked it, or it was answered from the cached block of another limit
   * @param shared whether all limit keys of the client share one counter
   * @param counter of a rule with {@code by}; null: counted by client id and limit key, or by
   *     client id if {@code shared}
   * @param terms of the rule for spending its capacity
   */
  public record Limit(
      String rule,
      long ruleId,
      String ruleTenant,
      String ruleLimitKey,
      long ruleRevision,
      String algorithm,
      long limit,
      @Nullable Long burst,
      long windowSeconds,
      String mode,
      boolean shared,
      @Nullable Counter counter,
      @Nullable Verdict verdict,
      Terms terms) {

    /** A limit with plain terms. */
    public Limit(
        String rule,
        long ruleId,
        String ruleTenant,
        String ruleLimitKey,
        long ruleRevision,
        String algorithm,
        long limit,
        @Nullable Long burst,
        long windowSeconds,
        String mode,
        boolean shared,
        @Nullable Counter counter,
        @Nullable Verdict verdict) {
      this(
          rule,
          ruleId,
          ruleTenant,
          ruleLimitKey,
          ruleRevision,
          algorithm,
          limit,
          burst,
          windowSeconds,
          mode,
          shared,
          counter,
          verdict,
          Terms.PLAIN);
    }
  }

  /**
   * The terms of a limit's rule for spending its capacity.
   *
   * @param reserve units of the capacity that are kept from the check's priority
   * @param maxWaitMillis max time that a check may wait, ms
   * @param overdraft units beyond the capacity that a settlement may charge
   */
  public record Terms(long reserve, long maxWaitMillis, long overdraft) {

    /** Nothing reserved, no waiting, no overdraft: writes no field. */
    public static final Terms PLAIN = new Terms(0, 0, 0);
  }

  /**
   * The store's answer for one limit.
   *
   * @param remaining whole units left after this decision
   * @param resetAtMillis milliseconds since 1970
   * @param allowed whether this limit alone would allow the cost
   * @param atMicros time as stored with the key, microseconds since 1970
   * @param rebased whether the key's time was set back because the store's clock went back
   * @param charged whether the cost was charged to this limit
   */
  public record Verdict(
      long remaining,
      long resetAtMillis,
      boolean allowed,
      long atMicros,
      boolean rebased,
      boolean charged) {}
}
