package io.ratelimiter.auditor.store;

import io.ratelimiter.schemas.topics.DeadLetter;
import io.ratelimiter.schemas.topics.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the sink's dead letters. The producer is created with the first record. */
final class DeadLetterTopic implements DeadLetteringWriter.Publisher, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);
  private static final int WAIT_MILLIS = 10_000;
  private static final int BUFFER_BYTES = 4 << 20;

  /** A size that every topic accepts, bytes. */
  private static final int SMALL_BYTES = 64 << 10;

  private final Map<String, Object> settings;
  private final StoreCounts counts;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  DeadLetterTopic(Map<String, String> client, StoreCounts counts) {
    this.settings = new HashMap<>(client);
    this.counts = counts;
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
   * @throws KafkaException when the topic does not accept the record now
   */
  @Override
  public void publish(
      DeadLetter.Origin origin, ConsumerRecord<byte[], byte[]> record, String reason) {
    try {
      publish(letter(origin, record, reason, DeadLetter.MAX_BYTES));
    } catch (RecordTooLargeException _) {
      publish(letter(origin, record, reason, SMALL_BYTES));
    }
    counts.deadLetter(origin.toString(), reason);
    log.warn("{} is sent to the dead-letter topic: {}", origin, reason);
  }

  private static DeadLetter letter(
      DeadLetter.Origin origin,
      ConsumerRecord<byte[], byte[]> record,
      String reason,
      int maxBytes) {
    return DeadLetter.of(origin, record.key(), record.value(), record.headers(), reason, maxBytes);
  }

  private void publish(DeadLetter letter) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.DEAD_LETTERS, null, letter.key(), letter.value(), letter.headers());
    try {
      producer().send(record).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted before the dead letter was acknowledged", e);
    }
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
