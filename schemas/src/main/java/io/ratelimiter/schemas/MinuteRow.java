package io.ratelimiter.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The running figures of one minute: absolute values, to be written over older ones. */
public record MinuteRow(
    Dimensions dimensions, Figures figures, int partition, int generation, long revision)
    implements BlockRateRecord {

  /**
   * What a row counts.
   *
   * @param windowStart start of the minute, seconds since 1970
   * @param tenant the caller's where there is a client, else the rule's
   * @param clientId null in a total
   * @param limitKey as the caller sent it where there is a client, else the rule's pattern
   */
  public record Dimensions(
      long windowStart,
      String tenant,
      @Nullable String clientId,
      String limitKey,
      String rule,
      String algorithm) {}

  /**
   * How often and how much.
   *
   * @param allowed null where only blocked decisions are kept by client
   * @param error failed closed
   * @param costAllowed units; null where {@code allowed} is
   * @param costBlocked units
   * @param firstEventMicros the earliest event time, microseconds since 1970
   * @param lastEventMicros the latest event time, microseconds since 1970
   * @param latency null in a client's row
   */
  public record Figures(
      @Nullable Long allowed,
      long blocked,
      long error,
      long degraded,
      long late,
      long shadowChecked,
      long shadowBlocked,
      @Nullable Long costAllowed,
      long costBlocked,
      long latencySumMicros,
      long latencyMaxMicros,
      long firstEventMicros,
      long lastEventMicros,
      @Nullable Latencies latency) {}

  /**
   * A histogram that adds up: bucket {@code i} holds latencies of γ^i to γ^(i+1) microseconds, γ =
   * 1.02 / 0.98 (DDSketch with a relative error of 2 %).
   *
   * @param buckets ascending
   * @param counts one for each bucket, above 0
   */
  public record Latencies(List<Integer> buckets, List<Long> counts) {

    public Latencies {
      buckets = List.copyOf(buckets);
      counts = List.copyOf(counts);
      if (buckets.size() != counts.size()) {
        throw new IllegalArgumentException(
            buckets.size() + " buckets with " + counts.size() + " counts");
      }
    }
  }
}
