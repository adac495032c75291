package io.ratelimiter.service.check;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A refund, reset or settlement, as answered to the caller and published.
 *
 * @param adjustmentId unique; null when nothing was changed, so that nothing is published
 * @param correlationId of the request
 * @param check whose limits were adjusted; its cost is what a refund gives back, 0 for a reset, the
 *     estimate for a settlement
 * @param refundId the caller's own id of a refund, or null
 * @param settled of a settlement, else null
 */
public record AdjustmentResult(
    @Nullable String adjustmentId,
    Kind kind,
    String correlationId,
    Check check,
    @Nullable String refundId,
    @Nullable Settled settled,
    Adjustment adjustment) {

  /** A refund or a reset. */
  public AdjustmentResult(
      @Nullable String adjustmentId,
      Kind kind,
      String correlationId,
      Check check,
      @Nullable String refundId,
      Adjustment adjustment) {
    this(adjustmentId, kind, correlationId, check, refundId, null, adjustment);
  }

  /**
   * What a settled decision cost.
   *
   * @param decisionId of the decision
   * @param cost units
   */
  public record Settled(String decisionId, long cost) {}

  /** The kind of adjustment. */
  public enum Kind {
    REFUND,
    RESET,
    SETTLE;

    /** The name in JSON. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The adjustment id of a published adjustment. */
  public String publishedId() {
    return Objects.requireNonNull(adjustmentId, "an adjustment without effect is not published");
  }
}
