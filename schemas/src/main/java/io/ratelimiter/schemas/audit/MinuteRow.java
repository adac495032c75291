package io.ratelimiter.schemas.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The figures of one minute so far: absolute values that replace older ones. */
public record MinuteRow(
    Dimensions dimensions, Figures figures, int partition, int generation, long revision)
    implements BlockRateRecord {

  /**
   * The key of a row.
   *
   * @param windowStart start of the minute, seconds since 1970
   * @param tenant of the caller in a client's row, of the rule in a total
   * @param clientId null in a total
   * @param limitKey of the caller in a client's row, the rule's pattern in a total
   */
  public record Dimensions(
      long windowStart,
      String tenant,
      @Nullable String clientId,
      String limitKey,
      String rule,
      String algorithm) {}

  /**
   * Counts, costs and latencies.
   *
   * @param allowed decisions; null in a client's row if only blocked decisions are counted there
   * @param error decisions that failed closed
   * @param costAllowed units; null if {@code allowed} is null
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
   * A histogram: bucket {@code i} holds latencies of γ^i to γ^(i+1) microseconds, γ = 1.02 / 0.98
   * (DDSketch with a relative error of 2 %).
   *
   * @param buckets ascending
   * @param counts one for each bucket, min 1
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
