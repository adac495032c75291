package io.ratelimiter.schemas;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refund, a reset or a settlement on the decisions topic ({@code adjustment.v1.json}), so that
 * consumption can be computed from the topic alone.
 *
 * @param kind {@code refund}, {@code reset} or {@link #SETTLE}
 * @param attributes of the check, by name in ascending order; may be empty
 * @param cost units to give back; 0 for a reset; of a settlement the real cost of the decision
 * @param refundId the caller's id of the refund, or null
 * @param decidedAtMicros time of the store, microseconds since 1970
 * @param settled of a settlement, else null
 */
public record AdjustmentEvent(
    String adjustmentId,
    String kind,
    SeriesPosition position,
    String correlationId,
    String tenant,
    String clientId,
    String limitKey,
    Map<String, String> attributes,
    long cost,
    @Nullable String refundId,
    long decidedAtMicros,
    List<Limit> limits,
    @Nullable Settled settled) {

  /** {@link #kind} of a settlement. */
  public static final String SETTLE = "settle";

  /** The {@code schema_version} that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  public AdjustmentEvent {
    attributes = EventAttributes.sorted(attributes);
    limits = List.copyOf(limits);
  }

  /** A refund or a reset. */
  public AdjustmentEvent(
      String adjustmentId,
      String kind,
      SeriesPosition position,
      String correlationId,
      String tenant,
      String clientId,
      String limitKey,
      Map<String, String> attributes,
      long cost,
      @Nullable String refundId,
      long decidedAtMicros,
      List<Limit> limits) {
    this(
        adjustmentId,
        kind,
        position,
        correlationId,
        tenant,
        clientId,
        limitKey,
        attributes,
        cost,
        refundId,
        decidedAtMicros,
        limits,
        null);
  }

  /** This adjustment at another position of a series. */
  public AdjustmentEvent at(SeriesPosition other) {
    return new AdjustmentEvent(
        adjustmentId,
        kind,
        other,
        correlationId,
        tenant,
        clientId,
        limitKey,
        attributes,
        cost,
        refundId,
        decidedAtMicros,
        limits,
        settled);
  }

  /**
   * The decision that is settled.
   *
   * @param decisionId of the decision
   * @param estimate units that the decision was charged
   * @param uncharged units of the cost above the estimate that the overdraft did not cover: the max
   *     of the enforcing limits
   */
  public record Settled(String decisionId, long estimate, long uncharged) {}

  /**
   * The change of one limit.
   *
   * @param counter of a rule with {@code by}; null: counted by client id and limit key, or by
   *     client id if {@code shared}
   * @param atMicros time of the change as stored with the key, microseconds since 1970
   * @param givenBack whole units that were given back, rounded down
   * @param taken whole units that a settlement charged in addition to the estimate
   * @param uncharged units of a settlement that exceed the overdraft and were not charged
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
      boolean shared,
      @Nullable Counter counter,
      long atMicros,
      boolean rebased,
      long givenBack,
      long taken,
      long uncharged) {

    /** The change of a refund or a reset. */
    public Limit(
        String rule,
        long ruleId,
        String ruleTenant,
        String ruleLimitKey,
        long ruleRevision,
        String algorithm,
        long limit,
        @Nullable Long burst,
        long windowSeconds,
        boolean shared,
        @Nullable Counter counter,
        long atMicros,
        boolean rebased,
        long givenBack) {
      this(
          rule,
          ruleId,
          ruleTenant,
          ruleLimitKey,
          ruleRevision,
          algorithm,
          limit,
          burst,
          windowSeconds,
          shared,
          counter,
          atMicros,
          rebased,
          givenBack,
          0,
          0);
    }
  }
}
