package io.ratelimiter.auditor.ops;

import io.ratelimiter.auditor.topology.AuditTerms.Beginning;
import io.ratelimiter.schemas.DeadLetter;
import io.ratelimiter.schemas.TopicCreator;
import io.ratelimiter.schemas.TopicSpec;
import io.ratelimiter.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
import org.jspecify.annotations.Nullable;

/** Makes sure that the topics are there, and looks where the decisions topic begins. */
final class TopicsFirst {

  private static final long MINUTE_SECONDS = 60;
  private static final Duration AHEAD = Duration.ofMinutes(5);

  /** As Kafka says it. */
  private static final long FOR_EVER = -1;

  private final Admin admin;
  private final int partitions;

  TopicsFirst(Admin admin, int partitions) {
    this.admin = admin;
    this.partitions = partitions;
  }

  /**
   * Creates what is missing. Blocks as long as the admin client's timeouts allow.
   *
   * @throws PartitionsDiffer when a topic has another partition count than it must have
   */
  void ensure() throws ExecutionException, InterruptedException {
    List<TopicSpec> specs =
        List.of(
            Topics.decisions(partitions),
            Topics.blockRates(partitions),
            Topics.completeness(partitions),
            Topics.deadLetters(partitions));
    Map<String, Integer> found = new TopicCreator(admin).ensure(specs);
    for (TopicSpec spec : specs.subList(0, 3)) {
      int there = found.getOrDefault(spec.name(), 0);
      if (there != spec.partitions()) {
        throw new PartitionsDiffer(spec, there);
      }
    }
  }

  /**
   * Where the log begins now. A minute is whole from the first on of which no event can be missing:
   * an event stands at most five minutes ahead of its append time in its own minute.
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

  /**
   * How long the decisions topic keeps records, as the broker says; where it may not be asked, what
   * the topic is created with.
   */
  Duration retention() throws ExecutionException, InterruptedException {
    TopicSpec decisions = Topics.decisions(partitions);
    String found = setting(decisions, TopicConfig.RETENTION_MS_CONFIG);
    return millis(found == null ? FOR_EVER : Long.parseLong(found));
  }

  /** Max size of a record on the dead-letter topic, bytes; read by {@link #retention}. */
  int deadLetterBytes() throws ExecutionException, InterruptedException {
    String found = setting(Topics.deadLetters(partitions), TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    return found == null
        ? DeadLetter.MAX_BYTES
        : Math.min(DeadLetter.MAX_BYTES, Integer.parseInt(found));
  }

  private @Nullable String setting(TopicSpec spec, String name)
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
    return spec.config().get(name);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis == FOR_EVER ? Long.MAX_VALUE : millis);
  }

  private static long wholeAfter(long appendMillis) {
    long seconds = Math.ceilDiv(appendMillis + AHEAD.toMillis(), 1_000L);
    return Math.ceilDiv(seconds, MINUTE_SECONDS) * MINUTE_SECONDS;
  }

  private Map<TopicPartition, OffsetSpec> ofAll(OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.put(new TopicPartition(Topics.DECISIONS, partition), spec);
    }
    return all;
  }

  /** A topic cannot be audited with this count of partitions. */
  static final class PartitionsDiffer extends RuntimeException {

    PartitionsDiffer(TopicSpec spec, int there) {
      super(
          "topic %s has %d partitions, DECISIONS_PARTITIONS is %d"
              .formatted(spec.name(), there, spec.partitions()));
    }
  }
}
