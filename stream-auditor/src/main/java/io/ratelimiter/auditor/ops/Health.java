package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.store.Sink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.jspecify.annotations.Nullable;

/** How the auditor is, as told by {@code /health}. Asks Kafka and PostgreSQL: blocks up to 2 s. */
final class Health {

  private static final int PATIENCE_MILLIS = 1_000;

  private final AuditStreams streams;
  private final Sink sink;
  private final Lag lag;
  private final Commits commits;
  private final Admin admin;

  Health(AuditStreams streams, Sink sink, Lag lag, Commits commits, Admin admin) {
    this.streams = streams;
    this.sink = sink;
    this.lag = lag;
    this.commits = commits;
    this.admin = admin;
  }

  Map<String, @Nullable Object> now() {
    boolean kafka = kafkaAnswers();
    boolean postgres = sink.databaseAnswers();
    String state = streams.state();
    boolean running = streams.isAuditing();
    Map<String, @Nullable Object> health = new LinkedHashMap<>();
    health.put(
        "status",
        kafka && postgres && running && sink.state().equals("writing") ? "healthy" : "degraded");
    health.put("service", "stream-auditor");
    health.put("kafka_available", kafka);
    health.put("postgres_available", postgres);
    health.put("streams", ofStreams(state));
    health.put("sink", ofSink());
    return health;
  }

  private Map<String, @Nullable Object> ofStreams(String state) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("state", state);
    if (state.equals("WAITING")) {
      all.put("waiting_for", streams.waitingFor());
    }
    all.put("lag_records", Math.round(lag.ofTopology()));
    all.put("last_commit_age_seconds", commits.ageSeconds());
    all.put("replaced_threads", streams.replacedThreads());
    return all;
  }

  private Map<String, @Nullable Object> ofSink() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("state", sink.state());
    all.put("lag_records", Math.round(lag.ofStore()));
    all.put("last_write_at", sink.lastWriteAt());
    all.put("last_fault", sink.lastFault());
    return all;
  }

  private boolean kafkaAnswers() {
    try {
      var options = new DescribeClusterOptions().timeoutMs(PATIENCE_MILLIS);
      return !admin
          .describeCluster(options)
          .nodes()
          .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
          .isEmpty();
    } catch (ExecutionException | TimeoutException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
