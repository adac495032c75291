package io.ratelimiter.auditor.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether Kafka answers. The client is created with the first check that can: its creation
 * fails while no broker's name can be resolved.
 */
public final class KafkaProbe implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 1_000;

  private final Map<String, Object> settings;
  private @Nullable Admin admin;

  public KafkaProbe(KafkaClientSettings client) {
    settings = new HashMap<>(client.all());
    settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
  }

  /** Whether a broker answers now; blocks for 1 s at most, or until a name is resolved. */
  public boolean answers() {
    try {
      var options = new DescribeClusterOptions().timeoutMs(TIMEOUT_MILLIS);
      return !admin()
          .describeCluster(options)
          .nodes()
          .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
          .isEmpty();
    } catch (KafkaException | ExecutionException | TimeoutException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized Admin admin() {
    Admin created = admin;
    if (created == null) {
      created = Admin.create(settings);
      admin = created;
    }
    return created;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close();
    }
  }
}
