package io.ratelimiter.auditor.store;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * The sink's consumer. It ends when Kafka refuses it, and cannot be created while no broker's name
 * resolves; {@link #start} restarts it until {@link #stop} is called.
 */
final class SinkConsumer {

  private final AbstractMessageListenerContainer<byte[], byte[]> container;
  private boolean stopped;

  SinkConsumer(AbstractMessageListenerContainer<byte[], byte[]> container) {
    this.container = container;
  }

  boolean isRunning() {
    return container.isChildRunning();
  }

  /** Starts the consumer again unless it was stopped. */
  synchronized void start() {
    if (!stopped) {
      container.stop();
      container.start();
    }
  }

  synchronized void stop() {
    stopped = true;
    container.stop();
  }

  /** The consumer's metrics by Kafka's names. */
  Map<MetricName, Metric> metrics() {
    Map<MetricName, Metric> all = new HashMap<>();
    container.metrics().values().forEach(all::putAll);
    return all;
  }
}
