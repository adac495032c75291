package io.ratelimiter.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One decision as told on the decisions topic ({@code decision.v1.json}).
 *
 * @param decisionId unique; the same id twice is the same decision told twice
 * @param position place in the publisher's series
 * @param correlationId as answered to the caller
 * @param cost units asked for, at least 1
 * @param reason why blocked, or {@code no_rule}; null when a rule allowed
 * @param top the figures of the limit that the answer shows; null without a rule
 * @param source {@code redis}, {@code local}, {@code cache} or {@code none}
 * @param degradedReason what was wrong with the store; null when not degraded
 * @param decidedAtMicros store clock, microseconds since 1970; the service's when the store gave
 *     none
 * @param latencyMicros from the request read to the decision made
 * @param limits every limit looked at, enforcing ones first
 */
public record DecisionEvent(
    String decisionId,
    SeriesPosition position,
    String correlationId,
    String tenant,
    String clientId,
    String limitKey,
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

  /** {@code schema_version} of what this code writes. */
  public static final int SCHEMA_VERSION = 1;

  /** {@code reason} of a check that is allowed because no rule applies. */
  public static final String NO_RULE = "no_rule";

  /** {@code reason} of a check that failed closed. */
  public static final String STORE_UNAVAILABLE = "store_unavailable";

  /** Stands for tenant, rule and algorithm where no rule applied. */
  public static final String NONE = "(none)";

  public DecisionEvent {
    limits = List.copyOf(limits);
  }

  /**
   * The limit that stands at the top of the answer.
   *
   * @param remaining whole units left
   * @param limit the rule's rate
   * @param windowSeconds the rule's window
   * @param resetAtMillis when all of it is back, milliseconds since 1970; null without the store's
   *     verdict
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
   * One limit that was looked at.
   *
   * @param ruleTenant the rule's own tenant
   * @param ruleLimitKey the rule's own pattern, {@code *} or a limit key
   * @param burst capacity of a token bucket, null otherwise
   * @param verdict null where the store gave none ({@code source: none})
   * @param shared whether all limit keys of the client share one counter
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
      @Nullable Verdict verdict) {}

  /**
   * What the store said of one limit.
   *
   * @param remaining whole units left after this decision
   * @param resetAtMillis milliseconds since 1970
   * @param allowed whether this limit alone would allow the cost
   * @param atMicros the key's own time, microseconds since 1970
   * @param rebased whether the key's time was set back because the store's clock went back
   * @param charged whether the cost was taken from this limit
   */
  public record Verdict(
      long remaining,
      long resetAtMillis,
      boolean allowed,
      long atMicros,
      boolean rebased,
      boolean charged) {}
}
