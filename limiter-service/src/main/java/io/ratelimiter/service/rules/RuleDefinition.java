package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote down as a rule, before it is known which algorithm those that name none use.
 * Only {@link #under} says whether it can be a rule.
 *
 * @param algorithm null means the service's
 * @param rate the limit, units per window
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
    long rate,
    long windowSeconds,
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
   * that is too large for the exact log uses the counter form.
   *
   * @throws IllegalArgumentException naming the field and the fault
   */
  Rule under(Algorithm inherited, long id, long revision) {
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
        revision);
  }

  private Policy policy(Algorithm inherited) {
    OptionalLong capacity = burst == null ? OptionalLong.empty() : OptionalLong.of(burst);
    if (algorithm != null) {
      return Policy.of(algorithm, rate, windowSeconds, capacity);
    }
    // Its bounds hold whatever the service's algorithm is, so that no change of it breaks the set.
    Policy bucket = Policy.of(Algorithm.TOKEN_BUCKET, rate, windowSeconds, capacity);
    return inherited == Algorithm.TOKEN_BUCKET
        ? bucket
        : Policy.of(fitting(inherited), rate, windowSeconds, OptionalLong.empty());
  }

  private Algorithm fitting(Algorithm inherited) {
    return inherited == Algorithm.SLIDING_WINDOW && rate > Policy.MAX_LOG_LIMIT
        ? Algorithm.SLIDING_WINDOW_COUNTER
        : inherited;
  }
}
