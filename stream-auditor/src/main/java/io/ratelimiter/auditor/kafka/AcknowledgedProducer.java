package io.ratelimiter.auditor.kafka;

import io.ratelimiter.schemas.topics.DeadLetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Publishes few records and waits for them. The producer is created with the first of them. */
public final class AcknowledgedProducer implements AutoCloseable {

  private static final int WAIT_MILLIS = 10_000;
  private static final int BUFFER_BYTES = 4 << 20;

  private final Map<String, Object> settings;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  public AcknowledgedProducer(KafkaClientSettings client) {
    this.settings = new HashMap<>(client.all());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, WAIT_MILLIS);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, WAIT_MILLIS);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * WAIT_MILLIS);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, DeadLetter.MAX_BYTES);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
  }

  /**
   * Publishes records; blocks until all are acknowledged.
   *
   * @throws KafkaException when one is not accepted now
   */
  public void send(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = records.stream().map(producer()::send).toList();
    try {
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted before all records were acknowledged", e);
    }
  }

  /**
   * How many partitions a topic has; blocks until Kafka has answered.
   *
   * @throws KafkaException when Kafka does not answer within 10 s
   */
  public int partitions(String topic) {
    return producer().partitionsFor(topic).size();
  }

  private synchronized KafkaProducer<byte[], byte[]> producer() {
    KafkaProducer<byte[], byte[]> created = producer;
    if (created == null) {
      created = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
      producer = created;
    }
    return created;
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close();
    }
  }
}
