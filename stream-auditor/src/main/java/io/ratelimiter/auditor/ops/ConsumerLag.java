package io.ratelimiter.auditor.ops;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Lag as Kafka's own consumers measure it with each fetch, in this process's partitions. */
record ConsumerLag(
    Supplier<Map<MetricName, ? extends Metric>> topology,
    Supplier<Map<MetricName, ? extends Metric>> store)
    implements Lag {

  @Override
  public double ofTopology() {
    return sum(topology.get());
  }

  @Override
  public double ofStore() {
    return sum(store.get());
  }

  private static double sum(Map<MetricName, ? extends Metric> metrics) {
    return metrics.entrySet().stream()
        .filter(metric -> isLag(metric.getKey()))
        .map(metric -> number(metric.getValue()))
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  /** The lag of one partition, but not of a changelog that is being read back. */
  private static boolean isLag(MetricName name) {
    return name.name().equals("records-lag")
        && name.tags().containsKey("partition")
        && !name.tags().getOrDefault("client-id", "").endsWith("restore-consumer");
  }

  private static double number(Metric metric) {
    return metric.metricValue() instanceof Double value && !value.isNaN() ? value : 0;
  }
}
