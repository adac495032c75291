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
 * @param burst capacity of a token bucket, units; null means the rate
 * @param metadata a JSON object that the service keeps and does not read
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
    String metadata) {

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
    if (burst != null && algorithm == null) {
      // It would be refused or not depending on the service's algorithm.
      throw new IllegalArgumentException("burst is only for a rule that names token_bucket");
    }
    OptionalLong capacity = burst == null ? OptionalLong.empty() : OptionalLong.of(burst);
    return Policy.of(
        algorithm == null ? fitting(inherited) : algorithm, rate, windowSeconds, capacity);
  }

  private Algorithm fitting(Algorithm inherited) {
    return inherited == Algorithm.SLIDING_WINDOW && rate > Policy.MAX_LOG_LIMIT
        ? Algorithm.SLIDING_WINDOW_COUNTER
        : inherited;
  }
}
