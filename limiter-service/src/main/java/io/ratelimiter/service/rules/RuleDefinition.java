package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote down as a rule, before it is known which algorithm those that name none use.
 * Only {@link #under} says whether it can be a rule.
 *
 * @param algorithm null means the service's
 * @param rate the limit, units per window; null is for mode exempt only, and then for the window
 *     too
 * @param windowSeconds as the rate: what an exempt rule has of these numbers is kept and not used
 * @param burst capacity of a token bucket, units; null means the rate
 * @param metadata a JSON object that the service keeps and does not read
 */
public record RuleDefinition(
    String tenant,
    String name,
    String clientId,
    String limitKey,
    @Nullable Algorithm algorithm,
    @Nullable Long rate,
    @Nullable Long windowSeconds,
    @Nullable Long burst,
    Mode mode,
    boolean enabled,
    boolean shared,
    boolean always,
    @Nullable FailMode failMode,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    String metadata) {

  /**
   * The rule that this is where {@code inherited} is the service's algorithm. An inheriting rule
   * that is too large for the exact log uses the counter form. One of mode exempt is an {@link
   * ExemptRule}.
   *
   * @throws IllegalArgumentException naming the field and the fault
   */
  AnyRule under(Algorithm inherited, long id, long revision, long counterEpoch) {
    if (mode == Mode.EXEMPT) {
      checkExempt(inherited);
      return new ExemptRule(
          id, tenant, name, clientId, limitKey, enabled, validFrom, validUntil, revision);
    }
    return new Rule(
        id,
        tenant,
        name,
        clientId,
        limitKey,
        policy(inherited),
        mode,
        enabled,
        shared,
        always,
        failMode,
        validFrom,
        validUntil,
        revision,
        counterEpoch);
  }

  /** What is not used must be right all the same: it is in use once the mode is another one. */
  private void checkExempt(Algorithm inherited) {
    if (always) {
      throw new IllegalArgumentException(
          "always is not for mode exempt, which applies at its own level only");
    }
    Rule.checkShared(shared, limitKey);
    if (rate != null || windowSeconds != null || burst != null) {
      policy(inherited);
    }
  }

  private static long required(String field, @Nullable Long number) {
    if (number == null) {
      throw new IllegalArgumentException(field + " is required");
    }
    return number;
  }

  private Policy policy(Algorithm inherited) {
    long limit = required("rate", rate);
    long window = required("window", windowSeconds);
    if (burst != null && algorithm == null) {
      // It would be refused or not depending on the service's algorithm.
      throw new IllegalArgumentException("burst is only for a rule that names token_bucket");
    }
    OptionalLong capacity = burst == null ? OptionalLong.empty() : OptionalLong.of(burst);
    return Policy.of(
        algorithm == null ? fitting(inherited, limit) : algorithm, limit, window, capacity);
  }

  private static Algorithm fitting(Algorithm inherited, long limit) {
    return inherited == Algorithm.SLIDING_WINDOW && limit > Policy.MAX_LOG_LIMIT
        ? Algorithm.SLIDING_WINDOW_COUNTER
        : inherited;
  }
}
