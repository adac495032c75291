package io.ratelimiter.auditor.topology.input;

import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.UnreadableEventException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record by the type in its headers. A record that is not an event is returned with the
 * fault: a deserializer that throws would end the stream thread.
 */
public final class ReceivedRecordDeserializer implements Deserializer<ReceivedRecord> {

  /** Headers that the tracing agent and the log need. */
  private static final Set<String> KEPT_HEADERS =
      Set.of("traceparent", "tracestate", "baggage", EventHeaders.CORRELATION_ID);

  private final EventReader reader = new EventReader();

  @Override
  public ReceivedRecord deserialize(String topic, byte @Nullable [] value) {
    throw new UnsupportedOperationException("the type of an event is in its headers");
  }

  @Override
  public ReceivedRecord deserialize(String topic, Headers headers, byte @Nullable [] value) {
    Header[] all = headers.toArray();
    try {
      ReceivedRecord record = ReceivedRecord.readable(read(headers, value), value, all);
      removeUnneeded(headers);
      return record;
    } catch (UnreadableEventException e) {
      return ReceivedRecord.unreadable(String.valueOf(e.getMessage()), value, all);
    } catch (RuntimeException e) {
      // Any exception: the same bytes would end every thread that reads them.
      return ReceivedRecord.unreadable("value cannot be read: " + e, value, all);
    }
  }

  /**
   * Removes all but a few headers: a store's cache keeps the headers of the record that changed a
   * row, and a header whose value was never read keeps the bytes of its whole record.
   */
  private static void removeUnneeded(Headers headers) {
    for (Iterator<Header> all = headers.iterator(); all.hasNext(); ) {
      Header header = all.next();
      if (!KEPT_HEADERS.contains(header.key()) || header.value() == null) {
        all.remove();
      }
    }
  }

  private AuditedEvent read(Headers headers, byte @Nullable [] value) {
    Header header = headers.lastHeader(EventHeaders.CE_TYPE);
    if (header == null || header.value() == null) {
      throw new UnreadableEventException("header " + EventHeaders.CE_TYPE + " is missing");
    }
    String type = new String(header.value(), StandardCharsets.UTF_8);
    return switch (type) {
      case EventHeaders.TYPE_DECISION -> new AuditedEvent.Decision(reader.decision(value));
      case EventHeaders.TYPE_ADJUSTMENT -> new AuditedEvent.Adjustment(reader.adjustment(value));
      case EventHeaders.TYPE_LEDGER -> new AuditedEvent.Ledger(reader.ledger(value));
      default -> throw new UnreadableEventException(EventHeaders.CE_TYPE + " is unknown: " + type);
    };
  }
}
