package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.kafka.KafkaClientSettings;
import io.ratelimiter.auditor.store.Generation;
import io.ratelimiter.auditor.topology.AuditCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** The audits of all decisions topics, and their state as one. {@link #start} does not block. */
public final class AuditStreams implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(AuditStreams.class);

  /** The current topic first. */
  private final List<TopicAudit> audits;

  private volatile @Nullable Thread supervisor;

  AuditStreams(
      StreamsProperties settings,
      KafkaClientSettings client,
      AuditCounts counts,
      Generation generation,
      Runnable onTopicsExist) {
    GenerationGate gate = new GenerationGate(generation);
    audits =
        settings.topics().stream()
            .map(topic -> new TopicAudit(topic, settings, client, counts, gate, onTopicsExist))
            .toList();
  }

  @Override
  public void start() {
    supervisor = Thread.ofPlatform().name("audit-supervisor").start(this::supervise);
  }

  /** The memory of RocksDB is freed after the last audit has ended. */
  private void supervise() {
    try (RocksMemory memory = new RocksMemory()) {
      List<Thread> running = new ArrayList<>();
      for (TopicAudit audit : audits) {
        String name = "audit-" + audit.topic();
        running.add(Thread.ofPlatform().name(name).start(() -> audit.run(memory)));
      }
      for (Thread audit : running) {
        audit.join();
      }
    } catch (InterruptedException e) {
      log.warn("Interrupted; the audit ends", e);
    }
  }

  @Override
  public void stop() {
    audits.forEach(TopicAudit::stop);
    Thread running = supervisor;
    supervisor = null;
    if (running != null) {
      joinUninterruptibly(running);
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    try {
      thread.join(TopicAudit.CLOSE_LIMIT.plus(TopicAudit.CLOSE_LIMIT));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return supervisor != null;
  }

  /** Starts after the sink and stops before it, so that the last rows can still be written. */
  @Override
  public int getPhase() {
    return 0;
  }

  /**
   * The state of Kafka Streams, or {@code RESTORING} while local state is restored, {@code PAUSED}
   * before a restart, {@code WAITING} while Kafka or its topics are not available. Of several
   * topics that of the first one that is not audited.
   */
  public String state() {
    return shown().state();
  }

  /** The state of each topic, the current one first. */
  public Map<String, String> states() {
    Map<String, String> states = new LinkedHashMap<>();
    audits.forEach(audit -> states.put(audit.topic(), audit.state()));
    return states;
  }

  private TopicAudit shown() {
    return audits.stream()
        .filter(audit -> !audit.isAuditing())
        .findFirst()
        .orElseGet(audits::getFirst);
  }

  /** Whether all topics are read, or the partitions of a running audit are being reassigned. */
  public boolean isAuditing() {
    return audits.stream().allMatch(TopicAudit::isAuditing);
  }

  /** Records that are still to be read to restore the local state. */
  public long restoringRecords() {
    return audits.stream().mapToLong(TopicAudit::restoringRecords).sum();
  }

  /** The fault that paused an audit; null while none is paused. */
  public @Nullable String stoppedBy() {
    return shown().stoppedBy();
  }

  /** A fault that last ended a stream thread; null when none has died. */
  public @Nullable String lastThreadFault() {
    return audits.stream()
        .map(TopicAudit::lastThreadFault)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The reason why Kafka or a topic is not available yet. */
  public String waitingFor() {
    return shown().waitingFor();
  }

  /** Stream threads that died and were replaced. */
  public long replacedThreads() {
    return audits.stream().mapToLong(TopicAudit::replacedThreads).sum();
  }

  /** Metrics of Kafka Streams by Kafka's names; empty while it does not run. */
  public Map<MetricName, Metric> metrics() {
    Map<MetricName, Metric> all = new HashMap<>();
    audits.forEach(audit -> all.putAll(audit.metrics()));
    return all;
  }
}
