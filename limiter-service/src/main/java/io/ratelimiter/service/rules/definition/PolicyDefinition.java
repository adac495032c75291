package io.ratelimiter.service.rules.definition;

import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Policy;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a rule as they are written. A rule of mode exempt may have them and does not use
 * them.
 *
 * @param algorithm null: the service's
 * @param rate the limit, units per window; null only for mode exempt, together with the window
 * @param windowSeconds seconds
 * @param burst capacity of a token bucket, units; null: the rate. Without an algorithm it is used
 *     where the service's is {@code token_bucket}
 */
public record PolicyDefinition(
    @Nullable Algorithm algorithm,
    @Nullable Long rate,
    @Nullable Long windowSeconds,
    @Nullable Long burst) {

  boolean hasNumbers() {
    return rate != null || windowSeconds != null || burst != null;
  }

  /**
   * The policy under the service's algorithm. One that names no algorithm, and whose rate is too
   * large for the exact log, uses the counter form.
   *
   * @throws IllegalArgumentException naming the field and the fault
   */
  Policy effective(Algorithm inherited) {
    long limit = required("rate", rate);
    long window = required("window", windowSeconds);
    OptionalLong capacity = burst == null ? OptionalLong.empty() : OptionalLong.of(burst);
    if (algorithm != null) {
      return Policy.of(algorithm, limit, window, capacity);
    }
    // Checked as a token bucket whatever is inherited: a change of ALGORITHM never invalidates it.
    Policy bucket = Policy.of(Algorithm.TOKEN_BUCKET, limit, window, capacity);
    return inherited == Algorithm.TOKEN_BUCKET
        ? bucket
        : Policy.of(fitting(inherited, limit), limit, window, OptionalLong.empty());
  }

  private static long required(String field, @Nullable Long number) {
    if (number == null) {
      throw new IllegalArgumentException(field + " is required");
    }
    return number;
  }

  private static Algorithm fitting(Algorithm inherited, long limit) {
    return inherited == Algorithm.SLIDING_WINDOW && limit > Policy.MAX_LOG_LIMIT
        ? Algorithm.SLIDING_WINDOW_COUNTER
        : inherited;
  }
}
