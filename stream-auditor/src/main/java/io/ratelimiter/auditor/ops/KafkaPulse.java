package io.ratelimiter.auditor.ops;

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
 * Whether Kafka answers. The client is made when it is first needed: it refuses to be made while
 * none of its servers' names can be resolved, as that of a container that is away cannot.
 */
final class KafkaPulse implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 1_000;

  private final Map<String, Object> settings;
  private @Nullable Admin admin;

  KafkaPulse(KafkaClientSettings client) {
    settings = new HashMap<>(client.all());
    settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
  }

  /** Asks; blocks for 1 s at most, or for as long as a name takes to resolve. */
  boolean beats() {
    try {
      var options = new DescribeClusterOptions().timeoutMs(PATIENCE_MILLIS);
      return !admin()
          .describeCluster(options)
          .nodes()
          .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          .isEmpty();
    } catch (KafkaException | ExecutionException | TimeoutException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized Admin admin() {
    Admin made = admin;
    if (made == null) {
      made = Admin.create(settings);
      admin = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close();
    }
  }
}
