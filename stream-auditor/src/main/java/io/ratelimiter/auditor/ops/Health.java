package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.kafka.KafkaProbe;
import io.ratelimiter.auditor.store.Sink;
import io.ratelimiter.auditor.streams.AuditStreams;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of the auditor, for {@code /health}. */
record Health(
    AuditStreams streams,
    Sink sink,
    ConsumerLag lag,
    CommitAge commitAge,
    KafkaProbe kafka,
    DeadLetterStats deadLetters) {

  /**
   * The fields in their order. Sends requests to Kafka and PostgreSQL, and blocks for up to 4 s,
   * plus the resolution of a broker's name.
   */
  Map<String, @Nullable Object> now() {
    boolean kafkaAnswers = kafka.answers();
    boolean postgresAnswers = sink.databaseAnswers();
    String state = streams.state();
    boolean auditing = streams.isAuditing();
    boolean storing = sink.isAbsent() || (postgresAnswers && sink.writes());
    Map<String, @Nullable Object> health = new LinkedHashMap<>();
    health.put("status", kafkaAnswers && auditing && storing ? "healthy" : "degraded");
    health.put("service", "stream-auditor");
    health.put("kafka_available", kafkaAnswers);
    health.put("postgres_available", postgresAnswers);
    health.put("streams", ofStreams(state));
    health.put("sink", ofSink());
    health.put("dead_letters", deadLetters.fields());
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
    all.put("last_commit_age_seconds", commitAge.seconds());
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
