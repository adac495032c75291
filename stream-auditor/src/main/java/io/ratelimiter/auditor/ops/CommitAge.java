package io.ratelimiter.auditor.ops;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * The time since the last commit of the streams application, measured from the first read that saw
 * it.
 */
final class CommitAge {

  private final Supplier<Map<MetricName, ? extends Metric>> metrics;
  private double commits = -1;
  private long seenNanos;

  CommitAge(Supplier<Map<MetricName, ? extends Metric>> metrics) {
    this.metrics = metrics;
  }

  /** Seconds since the last commit, rounded down; null before the first. */
  synchronized @Nullable Long seconds() {
    double now = committed();
    if (now != commits) {
      commits = now;
      seenNanos = System.nanoTime();
    }
    return commits <= 0
        ? null
        : (Long) TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - seenNanos);
  }

  private double committed() {
    double sum = 0;
    for (Map.Entry<MetricName, ? extends Metric> metric : metrics.get().entrySet()) {
      if (metric.getKey().name().equals("commit-total")
          && metric.getKey().group().equals("stream-thread-metrics")
          && metric.getValue().metricValue() instanceof Double value) {
        sum += value;
      }
    }
    return sum;
  }
}
