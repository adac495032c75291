package io.ratelimiter.auditor.ops;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** When the streams application last committed, to the second in which somebody looked. */
final class Commits {

  private static final double NANOS = 1e9;

  private final Supplier<Map<MetricName, ? extends Metric>> metrics;
  private double total = -1;
  private long seenNanos;

  Commits(Supplier<Map<MetricName, ? extends Metric>> metrics) {
    this.metrics = metrics;
  }

  /** Looks whether there was a commit since it was last looked. */
  synchronized void look() {
    double now = 0;
    for (Map.Entry<MetricName, ? extends Metric> metric : metrics.get().entrySet()) {
      if (metric.getKey().name().equals("commit-total")
          && metric.getKey().group().equals("stream-thread-metrics")
          && metric.getValue().metricValue() instanceof Double value) {
        now += value;
      }
    }
    if (now != total) {
      total = now;
      seenNanos = System.nanoTime();
    }
  }

  /** Seconds since, rounded down; null before the first. */
  synchronized @Nullable Long ageSeconds() {
    look();
    return total <= 0 ? null : (Long) (long) ((System.nanoTime() - seenNanos) / NANOS);
  }
}
