package io.ratelimiter.service.decisions;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import org.jspecify.annotations.Nullable;

/**
 * A refund or reset that was applied.
 *
 * @param adjustmentId unique
 * @param correlationId as answered to the caller
 * @param check whose limits were adjusted; its cost is what was given back, 0 for a reset
 * @param refundId the caller's own id of a refund, or null
 */
public record MadeAdjustment(
    String adjustmentId,
    Kind kind,
    String correlationId,
    Check check,
    @Nullable String refundId,
    Adjustment adjustment) {

  /** What was done. */
  public enum Kind {
    REFUND("refund"),
    RESET("reset");

    private final String wireName;

    Kind(String wireName) {
      this.wireName = wireName;
    }

    /** The name in JSON. */
    public String wireName() {
      return wireName;
    }
  }
}
