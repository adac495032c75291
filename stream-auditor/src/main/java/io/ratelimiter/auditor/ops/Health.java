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
  private final SetAside setAside;

  Health(
      AuditStreams streams,
      Sink sink,
      Lag lag,
      Commits commits,
      KafkaPulse kafka,
      SetAside setAside) {
    this.streams = streams;
    this.sink = sink;
    this.lag = lag;
    this.commits = commits;
    this.kafka = kafka;
    this.setAside = setAside;
  }

  Map<String, @Nullable Object> now() {
    boolean kafkaAnswers = kafka.beats();
    boolean postgres = sink.databaseAnswers();
    String state = streams.state();
    boolean running = streams.isAuditing();
    Map<String, @Nullable Object> health = new LinkedHashMap<>();
    health.put(
        "status",
        kafkaAnswers && running && (sink.isAbsent() || (postgres && sink.writes()))
            ? "healthy"
            : "degraded");
    health.put("service", "stream-auditor");
    health.put("kafka_available", kafkaAnswers);
    health.put("postgres_available", postgres);
    health.put("streams", ofStreams(state));
    health.put("sink", ofSink());
    health.put("dead_letters", setAside.shown());
    return health;
  }

  private Map<String, @Nullable Object> ofStreams(String state) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("state", state);
    if (state.equals("WAITING")) {
      all.put("waiting_for", streams.waitingFor());
    }
    if (state.equals("RESTORING")) {
      all.put("restoring_records", streams.restoringRecords());
    }
    if (streams.stoppedBy() != null) {
      all.put("stopped_by", streams.stoppedBy());
    }
    all.put("lag_records", streams.isAuditing() ? known(lag.ofTopology()) : null);
    all.put("last_commit_age_seconds", commits.ageSeconds());
    all.put("replaced_threads", streams.replacedThreads());
    all.put("last_thread_fault", streams.lastThreadFault());
    return all;
  }

  private Map<String, @Nullable Object> ofSink() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("state", sink.state());
    if (sink.note() != null) {
      all.put("note", sink.note());
    }
    all.put("lag_records", known(lag.ofStore()));
    all.put("last_write_at", sink.lastWriteAt());
    all.put("last_fault", sink.lastFault());
    all.put("upkeep_fault", sink.upkeepFault());
    return all;
  }

  private static @Nullable Long known(double records) {
    return Double.isNaN(records) ? null : (Long) Math.round(records);
  }
}
