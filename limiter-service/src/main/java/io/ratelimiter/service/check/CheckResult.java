package io.ratelimiter.service.check;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A check and its decision, as answered to the caller and published.
 *
 * @param decisionId unique; null for a check of cost 0, which is not published
 * @param correlationId of the request
 * @param latencyMicros from the request read to the decision made
 */
public record CheckResult(
    @Nullable String decisionId,
    String correlationId,
    Check check,
    Decision decision,
    long latencyMicros) {

  public CheckResult {
    if ((decisionId == null) != check.peek()) {
      throw new IllegalArgumentException("a check has a decision id unless its cost is 0");
    }
  }

  /** The decision id of a published check. */
  public String publishedId() {
    return Objects.requireNonNull(decisionId, "a check of cost 0 is not published");
  }
}
