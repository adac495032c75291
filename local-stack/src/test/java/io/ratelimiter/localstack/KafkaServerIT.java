package io.ratelimiter.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@LocalStack
class KafkaServerIT {

  @Test
  void aConsumerGroupReadsACommittedTransaction(KafkaServer kafka) throws Exception {
    createTopic(kafka, "transactions");

    send(kafka, "transactions", "committed");

    assertThat(read(kafka, "transactions")).containsExactly("committed");
  }

  @Test
  void noTopicIsCreatedAutomatically(KafkaServer kafka) {
    assertThatThrownBy(() -> send(kafka, "missing-topic", "x"))
        .rootCause()
        .isInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void recordsSurviveKillAndPause(PrivateServers servers) throws Exception {
    KafkaServer kafka = servers.kafka();
    createTopic(kafka, "kept");
    send(kafka, "kept", "before the kill");

    kafka.kill();
    kafka.start();
    kafka.pause();
    kafka.resume();
    send(kafka, "kept", "after it");

    assertThat(read(kafka, "kept")).containsExactly("before the kill", "after it");
  }

  @Test
  void theControllerListensOnTheNextPort(PrivateServers servers) {
    KafkaServer kafka = servers.kafka();

    assertThat(Ports.isFree(kafka.port() + 1)).as("port above the broker's is free").isFalse();
  }

  private static void createTopic(KafkaServer kafka, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
          .all()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private static void send(KafkaServer kafka, String topic, String value) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "transactional.id",
            topic,
            "max.block.ms",
            20_000);
    if (topic.startsWith("missing")) {
      settings = Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", 1_000);
    }
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      if (settings.containsKey("transactional.id")) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, value));
        producer.commitTransaction();
      } else {
        producer.send(new ProducerRecord<>(topic, value)).get();
      }
    }
  }

  private static List<String> read(KafkaServer kafka, String topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "group.id",
            topic + "-readers",
            "auto.offset.reset",
            "earliest",
            "isolation.level",
            "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      for (int attempt = 0; attempt < 20; attempt++) {
        List<String> values =
            java.util.stream.StreamSupport.stream(
                    consumer.poll(Duration.ofSeconds(1)).spliterator(), false)
                .map(ConsumerRecord::value)
                .toList();
        if (!values.isEmpty()) {
          return values;
        }
      }
      return List.of();
    }
  }
}
