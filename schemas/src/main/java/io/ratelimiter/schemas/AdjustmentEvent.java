package io.ratelimiter.schemas;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refund or a reset on the decisions topic ({@code adjustment.v1.json}), so that consumption can
 * be computed from the topic alone.
 *
 * @param kind {@code refund} or {@code reset}
 * @param attributes of the check, by name in ascending order; may be empty
 * @param cost units to give back; 0 for a reset
 * @param refundId the caller's id of the refund, or null
 * @param decidedAtMicros time of the store, microseconds since 1970
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
    List<Limit> limits) {

  /** The {@code schema_version} that this code writes. */
  public static final int SCHEMA_VERSION = 1;

  public AdjustmentEvent {
    attributes = EventAttributes.sorted(attributes);
    limits = List.copyOf(limits);
  }

  /**
   * The change of one limit.
   *
   * @param counter of a rule with {@code by}; null: counted by client id and limit key, or by
   *     client id if {@code shared}
   * @param atMicros time of the change as stored with the key, microseconds since 1970
   * @param givenBack whole units that were given back, rounded down
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
      long givenBack) {}
}
