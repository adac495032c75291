package io.ratelimiter.auditor.streams;

import io.ratelimiter.auditor.topology.AuditTerms;
import io.ratelimiter.auditor.topology.AuditTerms.Beginning;
import io.ratelimiter.schemas.topics.DeadLetter;
import io.ratelimiter.schemas.topics.TopicCreator;
import io.ratelimiter.schemas.topics.TopicSpec;
import io.ratelimiter.schemas.topics.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Creates missing topics and reads their settings before the audit starts. Every method blocks for
 * as long as the admin client's timeouts allow.
 */
final class TopicBootstrap {

  private static final long MINUTE_SECONDS = 60;

  /** Kafka's value of a retention without an end. */
  private static final long UNLIMITED_MILLIS = -1;

  private final Admin admin;
  private final int partitions;

  TopicBootstrap(Admin admin, int partitions) {
    this.admin = admin;
    this.partitions = partitions;
  }

  /**
   * Creates missing topics.
   *
   * @throws PartitionsDiffer when a topic does not have the required partition count
   */
  void createMissing() throws ExecutionException, InterruptedException {
    List<TopicSpec> specs =
        List.of(
            Topics.decisions(partitions),
            Topics.blockRates(partitions),
            Topics.completeness(partitions),
            Topics.deadLetters(partitions));
    Map<String, Integer> found = new TopicCreator(admin).ensure(specs);
    for (TopicSpec spec : specs.subList(0, 3)) {
      int existing = found.getOrDefault(spec.name(), 0);
      if (existing != spec.partitions()) {
        throw new PartitionsDiffer(spec, existing);
      }
    }
  }

  /**
   * Where the decisions topic begins now. Its first whole minute is the first one of which no event
   * can be missing: an event is counted in its own minute if it is at most {@link AuditTerms#AHEAD}
   * ahead of its append time.
   */
  Beginning beginning() throws ExecutionException, InterruptedException {
    long wholeFrom = 0;
    Set<Integer> trimmed = new HashSet<>();
    var begins = admin.listOffsets(ofAll(OffsetSpec.earliest())).all().get();
    var firsts = admin.listOffsets(ofAll(OffsetSpec.forTimestamp(0))).all().get();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> begin : begins.entrySet()) {
      if (begin.getValue().offset() > 0) {
        trimmed.add(begin.getKey().partition());
        ListOffsetsResultInfo first = firsts.get(begin.getKey());
        long appended =
            first == null || first.timestamp() < 0 ? System.currentTimeMillis() : first.timestamp();
        wholeFrom = Math.max(wholeFrom, wholeAfter(appended));
      }
    }
    return new Beginning(wholeFrom, trimmed);
  }

  private static long wholeAfter(long appendMillis) {
    long seconds = Math.ceilDiv(appendMillis + AuditTerms.AHEAD.toMillis(), 1_000L);
    return Math.ceilDiv(seconds, MINUTE_SECONDS) * MINUTE_SECONDS;
  }

  /** The retention of the decisions topic; the default if its settings may not be read. */
  Duration retention() throws ExecutionException, InterruptedException {
    long millis =
        Long.parseLong(setting(Topics.decisions(partitions), TopicConfig.RETENTION_MS_CONFIG));
    return Duration.ofMillis(millis == UNLIMITED_MILLIS ? Long.MAX_VALUE : millis);
  }

  /** Max size of a record on the dead-letter topic, bytes; default as in {@link #retention}. */
  int deadLetterBytes() throws ExecutionException, InterruptedException {
    String found = setting(Topics.deadLetters(partitions), TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    return Math.min(DeadLetter.MAX_BYTES, Integer.parseInt(found));
  }

  /** A setting that the topic was created with: the broker's, or ours if it may not be read. */
  private String setting(TopicSpec spec, String name)
      throws ExecutionException, InterruptedException {
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, spec.name());
    try {
      Config found = admin.describeConfigs(List.of(topic)).all().get().get(topic);
      ConfigEntry entry = found == null ? null : found.get(name);
      if (entry != null && entry.value() != null) {
        return entry.value();
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw e;
      }
    }
    return Objects.requireNonNull(spec.config().get(name), name);
  }

  private Map<TopicPartition, OffsetSpec> ofAll(OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.put(new TopicPartition(Topics.DECISIONS, partition), spec);
    }
    return all;
  }

  /** A topic cannot be audited with this partition count. */
  static final class PartitionsDiffer extends RuntimeException {

    PartitionsDiffer(TopicSpec spec, int existing) {
      super(
          "topic %s has %d partitions, DECISIONS_PARTITIONS is %d"
              .formatted(spec.name(), existing, spec.partitions()));
    }
  }
}
