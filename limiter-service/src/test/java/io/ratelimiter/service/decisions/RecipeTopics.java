package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.schemas.audit.AuditReader;
import io.ratelimiter.schemas.audit.AuditWriter;
import io.ratelimiter.schemas.topics.TopicCreator;
import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.check.DecisionPublisher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The topics as a consumer may find them: each decision twice, adjustments, ledgers, unreadable
 * records, outdated figures after newer ones, and a removed row.
 */
final class RecipeTopics {

  static final int ALLOWED = 40;
  static final int BLOCKED = 10;
  static final int TOO_COSTLY = 3;

  /** Blocked checks of the total, per partition. */
  static final int BLOCKED_ROW = 30;

  private static final Path EXAMPLES =
      Path.of("../schemas/src/test/resources/audit-examples/valid");

  private final String bootstrapServers;
  private final JsonMapper json = new JsonMapper();
  private final AuditWriter writer = new AuditWriter();
  private final AuditReader reader = new AuditReader();

  RecipeTopics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  void publish(Path spool) throws Exception {
    try (Admin admin = admin()) {
      new TopicCreator(admin).ensure(List.of(Topics.blockRates(StreamFixture.PARTITIONS)));
    }
    DecisionStream stream = StreamFixture.on(bootstrapServers, "node-1", spool).start();
    await().atMost(Duration.ofSeconds(30)).until(() -> stream.state().kafkaAvailable());
    // Not last: consumers commit the offset of a skipped record with that of the next one.
    UnreadableRecords.publish(bootstrapServers);
    publishDecisions(stream.publisher());
    stream.stop();
    var settings = Map.<String, Object>of("bootstrap.servers", bootstrapServers);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      TopicReader.readAll(bootstrapServers)
          .forEach(record ->
              producer.send(
                  new ProducerRecord<>(
                      record.topic(),
                      record.partition(),
                      null,
                      record.key(),
                      record.value(),
                      record.headers())));
      publishFigures(producer);
    }
  }

  private static void publishDecisions(DecisionPublisher publisher) {
    for (int i = 0; i < ALLOWED; i++) {
      publisher.publish(Samples.allowed("client-" + i % 7));
    }
    for (int i = 0; i < BLOCKED; i++) {
      publisher.publish(Samples.blocked("client-" + i % 7));
    }
    for (int i = 0; i < TOO_COSTLY; i++) {
      publisher.publish(Samples.neverSatisfiable("client-1"));
    }
    publisher.publish(Samples.failedClosed("client-1"));
    publisher.publish(Samples.refund("client-1"));
  }

  private void publishFigures(KafkaProducer<byte[], byte[]> producer) throws IOException {
    for (int revision : new int[] {1, 3, 2}) {
      for (int partition : new int[] {0, 2}) {
        producer.send(figures("total", partition, revision));
        producer.send(figures("client", partition, revision));
        producer.send(figures("watermark", partition, revision));
      }
    }
    byte[] removed = figures("client", 2, 3).key();
    producer.send(new ProducerRecord<>(Topics.BLOCK_RATES, 2, removed, null));
    byte[] unreadable = "{".getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(Topics.BLOCK_RATES, 2, removed, unreadable));
    producer.send(figures("watermark", 2, 4));
  }

  private ProducerRecord<byte[], byte[]> figures(String kind, int partition, int revision)
      throws IOException {
    Path example = EXAMPLES.resolve("block-rate.v1-" + kind + ".json");
    ObjectNode row = (ObjectNode) json.readTree(Files.readAllBytes(example));
    row.put("partition", partition).put("revision", revision).put("region", "eu");
    if (row.has("blocked_count")) {
      row.put("blocked_count", revision * BLOCKED_ROW / 3);
    }
    if (row.has("client_id")) {
      row.put("client_id", "client-" + partition);
    }
    byte[] value = json.writeValueAsBytes(row);
    byte[] key = writer.key(reader.blockRate(value));
    return new ProducerRecord<>(Topics.BLOCK_RATES, partition, key, value);
  }

  /** Waits until a consumer group has committed the ends of all partitions of a topic. */
  void awaitReadBy(String group, String topic) {
    try (Admin admin = admin()) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(
              () -> assertThat(committed(admin, group)).containsAllEntriesOf(ends(admin, topic)));
    }
  }

  private static Map<TopicPartition, Long> committed(Admin admin, String group) throws Exception {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    try {
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .forEach((partition, committed) -> offsets.put(partition, committed.offset()));
    } catch (ExecutionException e) {
      // The group does not exist yet.
      assertThat(e).hasCauseInstanceOf(GroupIdNotFoundException.class);
    }
    return offsets;
  }

  private static Map<TopicPartition, Long> ends(Admin admin, String topic) throws Exception {
    Map<TopicPartition, OffsetSpec> wanted =
        IntStream.range(0, StreamFixture.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
    return admin.listOffsets(wanted).all().get().entrySet().stream()
        .filter(entry -> entry.getValue().offset() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }
}
