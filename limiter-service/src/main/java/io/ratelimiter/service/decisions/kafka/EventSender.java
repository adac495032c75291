package io.ratelimiter.service.decisions.kafka;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.topics.Topics;
import io.ratelimiter.service.decisions.series.EventKind;
import io.ratelimiter.service.decisions.series.OutgoingEvent;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Sends events with their headers to the decisions topic over one producer. Thread-safe. */
public final class EventSender {

  // Headers that all events, or all of one kind, share.
  private static final Header SPEC_VERSION = header(EventHeaders.CE_SPEC_VERSION, "1.0");
  private static final Header JSON = header(EventHeaders.CONTENT_TYPE, "application/json");

  private final Producer<byte[], byte[]> producer;
  private final UnackedEvents unacked;
  private final Header source;
  private final Map<EventKind, Header> types = new EnumMap<>(EventKind.class);
  private final TimeText times = new TimeText();

  /**
   * @param source {@code ce_source} of every event
   */
  EventSender(Producer<byte[], byte[]> producer, String source, UnackedEvents unacked) {
    this.producer = producer;
    this.unacked = unacked;
    this.source = header(EventHeaders.CE_SOURCE, source);
    for (EventKind kind : EventKind.values()) {
      types.put(kind, header(EventHeaders.CE_TYPE, kind.wireName()));
    }
  }

  /**
   * Sends an event. Never throws; never blocks, since {@code max.block.ms} is 0. A failure is
   * reported on this thread when the producer does not accept the event, otherwise on the
   * producer's own.
   */
  public void send(OutgoingEvent event, Delivery delivery) {
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            Topics.DECISIONS, event.series().partition(), event.key(), event.value());
    addHeaders(message.headers(), event);
    unacked.sent(event.bytes());
    DeliveryCallback callback = new DeliveryCallback(unacked, event.bytes(), delivery);
    try {
      var _ = producer.send(message, callback);
    } catch (RuntimeException e) {
      callback.onCompletion(null, e);
    }
  }

  /** Whether the memory bound of unacknowledged events allows another one. */
  public boolean hasRoom() {
    return unacked.hasRoom();
  }

  Producer<byte[], byte[]> producer() {
    return producer;
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
