package io.ratelimiter.auditor.ops;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Records that are not read yet, as Kafka's consumers measure them with each fetch, summed over
 * this process's partitions.
 *
 * @param topology metrics of the streams application's consumers
 * @param store metrics of the sink's consumer
 */
record ConsumerLag(
    Supplier<Map<MetricName, ? extends Metric>> topology,
    Supplier<Map<MetricName, ? extends Metric>> store) {

  /** Records of the decisions topic; NaN while no partition is read. */
  double ofTopology() {
    return sum(topology.get());
  }

  /** Records of the auditor's own topics; NaN while no partition is read. */
  double ofStore() {
    return sum(store.get());
  }

  private static double sum(Map<MetricName, ? extends Metric> metrics) {
    return metrics.entrySet().stream()
        .filter(metric -> isLag(metric.getKey()))
        .map(metric -> number(metric.getValue()))
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  /** Whether it is the lag of a partition, but not of a changelog that is being restored. */
  private static boolean isLag(MetricName name) {
    return name.name().equals("records-lag")
        && name.tags().containsKey("partition")
        && !name.tags().getOrDefault("client-id", "").endsWith("restore-consumer");
  }

  private static double number(Metric metric) {
    return metric.metricValue() instanceof Double value && !value.isNaN() ? value : 0;
  }
}
