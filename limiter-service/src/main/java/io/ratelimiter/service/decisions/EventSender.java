package io.ratelimiter.service.decisions;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Hands events to a producer with their headers, and tells what came of each exactly once. */
final class EventSender {

  // What every event, or every one of a kind, has in common is made once.
  private static final Header SPEC_VERSION = header(EventHeaders.CE_SPEC_VERSION, "1.0");
  private static final Header JSON = header(EventHeaders.CONTENT_TYPE, "application/json");

  private static final int SHARE_OF_HEAP = 8;

  private final Map<EventKind, Header> types = new EnumMap<>(EventKind.class);
  private final Header source;
  private final TimeText times = new TimeText();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong unansweredBytes = new AtomicLong();
  private final long maxUnansweredBytes;
  private final LongAdder confirmed = new LongAdder();

  /**
   * @param source {@code ce_source} of every event
   */
  EventSender(String source) {
    this(source, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /**
   * @param maxUnansweredBytes bytes of memory of unacknowledged events, from which on no event is
   *     sent
   */
  EventSender(String source, long maxUnansweredBytes) {
    this.maxUnansweredBytes = maxUnansweredBytes;
    this.source = header(EventHeaders.CE_SOURCE, source);
    for (EventKind kind : EventKind.values()) {
      types.put(kind, header(EventHeaders.CE_TYPE, kind.type()));
    }
  }

  /**
   * Hands over an event. Never blocks with a producer whose {@code max.block.ms} is 0, never
   * throws. The delivery is told on this thread when the producer does not take the event, else
   * later on the producer's own.
   */
  void send(Producer<byte[], byte[]> producer, OutgoingEvent event, Delivery delivery) {
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            Topics.DECISIONS, event.series().partition(), event.key(), event.value());
    addHeaders(message.headers(), event);
    unanswered.incrementAndGet();
    unansweredBytes.addAndGet(event.bytes());
    DeliveryCallback callback = new DeliveryCallback(this, event.bytes(), delivery);
    try {
      var _ = producer.send(message, callback);
    } catch (RuntimeException e) {
      callback.thrown(e);
    }
  }

  void answered(boolean confirmation, int bytes) {
    unanswered.decrementAndGet();
    unansweredBytes.addAndGet(-bytes);
    if (confirmation) {
      confirmed.increment();
    }
  }

  /** Events with the producer, ledgers and replayed ones included. */
  long unanswered() {
    return unanswered.get();
  }

  /**
   * Whether another event may be sent. The producer bounds its own buffer, but not the events that
   * are not yet acknowledged, whose size depends on callers' ids.
   */
  boolean hasRoom() {
    return unansweredBytes.get() < maxUnansweredBytes;
  }

  /** Events that Kafka confirmed, ledgers and replayed ones included. */
  long confirmed() {
    return confirmed.sum();
  }

  private void addHeaders(Headers headers, OutgoingEvent event) {
    String correlationId = event.correlationId();
    if (correlationId != null) {
      headers.add(EventHeaders.CORRELATION_ID, bytes(correlationId));
    }
    headers
        .add(EventHeaders.CE_ID, bytes(event.id()))
        .add(source)
        .add(SPEC_VERSION)
        .add(types.get(event.kind()))
        .add(EventHeaders.CE_TIME, times.of(event.timeMicros()))
        .add(JSON);
  }

  private static Header header(String key, String value) {
    return new RecordHeader(key, bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
