package io.ratelimiter.auditor.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class ConsumerLagTests {

  private final Map<MetricName, Metric> metrics = new HashMap<>();
  private final ConsumerLag lag = new ConsumerLag(() -> metrics, Map::of);

  @Test
  void theLagIsUnknownAndNotZeroWhileNoPartitionIsRead() {
    assertThat(lag.ofTopology()).isNaN();
    assertThat(lag.ofStore()).isNaN();
  }

  @Test
  void partitionsAddUpWithoutThoseThatAreRestored() {
    put("audit-consumer", "0", 7);
    put("audit-consumer", "1", 5);
    put("audit-restore-consumer", "1", 1_000);

    assertThat(lag.ofTopology()).isEqualTo(12);
  }

  private void put(String client, String partition, double value) {
    MetricName name =
        new MetricName(
            "records-lag", "fetch", "", Map.of("client-id", client, "partition", partition));
    Measurable measured = (config, now) -> value;
    metrics.put(
        name, new KafkaMetric(new Object(), name, measured, new MetricConfig(), Time.SYSTEM));
  }
}
