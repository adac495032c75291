package io.ratelimiter.service.decisions.kafka;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KafkaConnectAttemptTests {

  @Test
  @Timeout(20)
  void metadataWithFewerPartitionsIsNotAwaitedForever() {
    PartitionInfo only = new PartitionInfo("old", 0, null, null, null);
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(
            new Cluster("c", List.of(), List.of(only), Set.of(), Set.of()),
            true,
            null,
            new ByteArraySerializer(),
            new ByteArraySerializer());

    KafkaConnectAttempt.awaitMetadata(producer, "old", 1);
    assertThatExceptionOfType(RetriableException.class)
        .isThrownBy(() -> KafkaConnectAttempt.awaitMetadata(producer, "old", 2));
  }
}
