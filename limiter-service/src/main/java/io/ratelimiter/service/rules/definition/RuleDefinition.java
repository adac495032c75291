package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.ExemptRule;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote down as a rule, before it is known which algorithm those that name none use.
 * Only {@link #under} says whether it can be a rule.
 *
 * @param algorithm null means the service's
 * @param rate the limit, units per window; null only for mode exempt, together with the window
 * @param windowSeconds seconds; an exempt rule keeps these numbers and does not use them
 * @param burst capacity of a token bucket, units; null means the rate. A rule that names no
 *     algorithm may have one: it is used where the service's is {@code token_bucket}
 * @param metadata a JSON object that the service stores and does not interpret; null where it was
 *     not read, or where the stored one breaks its bounds
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

  /** Numbers of an exempt rule must be valid too, since another mode uses them again. */
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
    // Independent of the service's algorithm, so that a change of ALGORITHM never invalidates the
    // set.
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
