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
 * @param burst capacity of a token bucket, units; null means the rate. A rule that names no
 *     algorithm may have one: it is used where the service's is {@code token_bucket}
 * @param metadata a JSON object that the service keeps and does not read; null where it was not
 *     read, or is stored and breaks its bounds
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
    @Nullable String metadata) {

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
    OptionalLong capacity = burst == null ? OptionalLong.empty() : OptionalLong.of(burst);
    if (algorithm != null) {
      return Policy.of(algorithm, limit, window, capacity);
    }
    // Its bounds hold whatever the service's algorithm is, so that no change of it breaks the set.
    Policy bucket = Policy.of(Algorithm.TOKEN_BUCKET, limit, window, capacity);
    return inherited == Algorithm.TOKEN_BUCKET
        ? bucket
        : Policy.of(fitting(inherited, limit), limit, window, OptionalLong.empty());
  }

  private static Algorithm fitting(Algorithm inherited, long limit) {
    return inherited == Algorithm.SLIDING_WINDOW && limit > Policy.MAX_LOG_LIMIT
        ? Algorithm.SLIDING_WINDOW_COUNTER
        : inherited;
  }
}
