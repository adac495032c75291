package io.ratelimiter.auditor.store;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * The sink's consumer. It ends by itself when Kafka refuses it, and cannot be created while no
 * server's name resolves; it is restarted until {@link #stop}.
 */
final class Listening {

  private final AbstractMessageListenerContainer<byte[], byte[]> container;
  private boolean stopped;

  Listening(AbstractMessageListenerContainer<byte[], byte[]> container) {
    this.container = container;
  }

  boolean isRunning() {
    return container.isChildRunning();
  }

  /** Starts it unless it runs. */
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
