package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.topology.input.ReceivedRecord;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.topics.DeadLetter;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Publishes records to the dead-letter topic, in the transaction that commits their offsets. */
final class DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final ProcessorContext<PublishedKey, byte[]> context;
  private final AuditCounts counts;
  private final int maxBytes;

  DeadLetters(ProcessorContext<PublishedKey, byte[]> context, AuditCounts counts, int maxBytes) {
    this.context = context;
    this.counts = counts;
    this.maxBytes = maxBytes;
  }

  /**
   * Publishes a record with the reason, and logs it.
   *
   * @param fault the reason; may quote the record
   */
  void publish(Record<byte[], ReceivedRecord> record, @Nullable String fault) {
    RecordMetadata metadata = context.recordMetadata().orElseThrow();
    DeadLetter.Origin origin =
        new DeadLetter.Origin(metadata.topic(), metadata.partition(), metadata.offset());
    List<Header> headers = Arrays.asList(record.value().headers());
    DeadLetter letter =
        DeadLetter.of(origin, record.key(), record.value().value(), headers, fault, maxBytes);
    PublishedKey key =
        new PublishedKey(
            metadata.partition(), letter.key() == null ? null : Bytes.wrap(letter.key()));
    context.forward(
        forwarded(key, letter, context.currentSystemTimeMs()), AuditTopology.DEAD_LETTERS);
    counts.deadLetter(origin.toString(), letter.reason());
    try (MDC.MDCCloseable _ =
        MDC.putCloseable("correlation_id", EventHeaders.correlationId(headers))) {
      log.warn("{} is sent to the dead-letter topic: {}", origin, letter.reason());
    }
  }

  @SuppressWarnings("NullAway") // Kafka's types do not declare that a value may be null.
  private static Record<PublishedKey, byte[]> forwarded(
      PublishedKey key, DeadLetter letter, long timestamp) {
    return new Record<>(key, letter.value(), timestamp, new RecordHeaders(letter.headers()));
  }
}
