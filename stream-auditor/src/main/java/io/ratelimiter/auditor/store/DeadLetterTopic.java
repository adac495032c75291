package io.ratelimiter.auditor.store;

import io.ratelimiter.auditor.kafka.AcknowledgedProducer;
import io.ratelimiter.schemas.topics.DeadLetter;
import io.ratelimiter.schemas.topics.Topics;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the sink's dead letters. */
final class DeadLetterTopic implements DeadLetteringWriter.Publisher {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);

  /** A size that every topic accepts, bytes. */
  private static final int SMALL_BYTES = 64 << 10;

  private final AcknowledgedProducer producer;
  private final StoreCounts counts;

  DeadLetterTopic(AcknowledgedProducer producer, StoreCounts counts) {
    this.producer = producer;
    this.counts = counts;
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
    producer.send(
        List.of(
            new ProducerRecord<>(
                Topics.DEAD_LETTERS, null, letter.key(), letter.value(), letter.headers())));
  }
}
