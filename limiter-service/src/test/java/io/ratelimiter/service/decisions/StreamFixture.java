package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.Books;
import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.decisions.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.util.unit.DataSize;

/**
 * Creates decision streams with short timeouts.
 *
 * @param topic the decisions topic
 * @param instance distinguishes the events of tests that share a Kafka
 */
record StreamFixture(
    String bootstrapServers,
    String topic,
    String instance,
    Path spoolDir,
    DataSize spoolMaxSize,
    Map<String, String> kafka) {

  static final int PARTITIONS = 3;

  static StreamFixture on(String bootstrapServers, String instance, Path spoolDir) {
    return new StreamFixture(
        bootstrapServers, Topics.DECISIONS, instance, spoolDir, DataSize.ofMegabytes(64), Map.of());
  }

  StreamFixture with(DataSize size) {
    return new StreamFixture(bootstrapServers, topic, instance, spoolDir, size, kafka);
  }

  StreamFixture with(Map<String, String> settings) {
    return new StreamFixture(bootstrapServers, topic, instance, spoolDir, spoolMaxSize, settings);
  }

  StreamFixture at(String otherBootstrapServers) {
    return new StreamFixture(otherBootstrapServers, topic, instance, spoolDir, spoolMaxSize, kafka);
  }

  StreamFixture onTopic(String other) {
    return new StreamFixture(bootstrapServers, other, instance, spoolDir, spoolMaxSize, kafka);
  }

  DecisionsProperties properties(int partitions) {
    return new DecisionsProperties(
        bootstrapServers,
        topic,
        partitions,
        instance,
        "",
        "rate-limiter",
        spoolDir,
        spoolMaxSize,
        Duration.ofMillis(200),
        Duration.ofMillis(1_000),
        Duration.ofMillis(3_000),
        20_000);
  }

  KafkaSettings kafkaSettings() {
    return new KafkaSettings(bootstrapServers, topic, Duration.ofMillis(3_000), kafka);
  }

  DecisionStream start() {
    return start(PARTITIONS);
  }

  DecisionStream start(int partitions) {
    DecisionStream stream =
        new DecisionStream(properties(partitions), kafkaSettings(), Clock.systemUTC());
    stream.start();
    return stream;
  }

  /** The books of this instance's events on the topic. */
  Books books() {
    Books books = new Books();
    TopicReader.readAll(
        bootstrapServers,
        topic,
        message -> {
          if (source(message).equals("/rate-limiter/" + instance)) {
            books.read(message);
          }
        });
    return books;
  }

  private static String source(ConsumerRecord<byte[], byte[]> message) {
    return new String(message.headers().lastHeader("ce_source").value(), StandardCharsets.UTF_8);
  }
}
