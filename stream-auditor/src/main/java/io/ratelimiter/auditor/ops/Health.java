package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.store.Sink;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the auditor is, as told by {@code /health}. Asks Kafka and PostgreSQL: blocks up to 2 s. */
final class Health {

  private final AuditStreams streams;
  private final Sink sink;
  private final Lag lag;
  private final Commits commits;
  private final KafkaPulse kafka;

  Health(AuditStreams streams, Sink sink, Lag lag, Commits commits, KafkaPulse kafka) {
    this.streams = streams;
    this.sink = sink;
    this.lag = lag;
    this.commits = commits;
    this.kafka = kafka;
  }

  Map<String, @Nullable Object> now() {
    boolean kafkaAnswers = kafka.beats();
    boolean postgres = sink.databaseAnswers();
    String state = streams.state();
    boolean running = streams.isAuditing();
    Map<String, @Nullable Object> health = new LinkedHashMap<>();
    health.put(
        "status",
        kafkaAnswers && postgres && running && sink.state().equals("writing")
            ? "healthy"
            : "degraded");
    health.put("service", "stream-auditor");
    health.put("kafka_available", kafkaAnswers);
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
}
