package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.Bounds;
import io.ratelimiter.schemas.DeadLetter;
import io.ratelimiter.schemas.EventHeaders;
import java.nio.charset.StandardCharsets;
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

/** Sets records of one partition aside, in the transaction that commits their offsets. */
final class DeadLetters {

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final ProcessorContext<ToldKey, byte[]> context;
  private final AuditCounts counts;
  private final int maxBytes;

  DeadLetters(ProcessorContext<ToldKey, byte[]> context, AuditCounts counts, int maxBytes) {
    this.context = context;
    this.counts = counts;
    this.maxBytes = maxBytes;
  }

  void setAside(Record<byte[], Arrived> record, @Nullable String fault) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    DeadLetter.Origin origin = new DeadLetter.Origin(at.topic(), at.partition(), at.offset());
    List<Header> headers = Arrays.asList(record.value().headers());
    DeadLetter letter =
        DeadLetter.of(origin, record.key(), record.value().value(), headers, fault, maxBytes);
    ToldKey key =
        new ToldKey(at.partition(), letter.key() == null ? null : Bytes.wrap(letter.key()));
    context.forward(
        forwarded(key, letter, context.currentSystemTimeMs()), AuditTopology.DEAD_LETTERS);
    counts.deadLetter(origin.toString(), letter.reason());
    try (MDC.MDCCloseable _ = MDC.putCloseable("correlation_id", correlationId(headers))) {
      log.warn("{} is set aside: {}", origin, letter.reason());
    }
  }

  @SuppressWarnings("NullAway") // Kafka's own types do not say that a value may be null.
  private static Record<ToldKey, byte[]> forwarded(ToldKey key, DeadLetter letter, long timestamp) {
    return new Record<>(key, letter.value(), timestamp, new RecordHeaders(letter.headers()));
  }

  /** The decision's correlation id; empty unless valid, since a record may have any text. */
  private static String correlationId(List<Header> headers) {
    String found = "";
    for (Header header : headers) {
      if (header.key().equals(EventHeaders.CORRELATION_ID) && header.value() != null) {
        found = new String(header.value(), StandardCharsets.UTF_8);
      }
    }
    return Bounds.isCorrelationId(found) ? found : "";
  }
}
