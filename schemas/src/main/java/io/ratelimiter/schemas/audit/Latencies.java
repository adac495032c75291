package io.ratelimiter.schemas.audit;

import java.util.List;

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
