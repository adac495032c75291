package io.ratelimiter.auditor.topology;

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
 * Reads a record by the type in its headers. A record that is no event is returned with the reason.
 */
final class AuditedDeserializer implements Deserializer<Arrived> {

  /** What a tracer looks for, and what names the decision in a line of the log. */
  private static final Set<String> KEPT_HEADERS =
      Set.of("traceparent", "tracestate", "baggage", EventHeaders.CORRELATION_ID);

  private final EventReader reader = new EventReader();

  @Override
  public Arrived deserialize(String topic, byte @Nullable [] value) {
    throw new UnsupportedOperationException("the type of an event stands in its headers");
  }

  @Override
  public Arrived deserialize(String topic, Headers headers, byte @Nullable [] value) {
    Header[] all = headers.toArray();
    try {
      Arrived arrived = Arrived.readable(read(headers, value), value, all);
      lighten(headers);
      return arrived;
    } catch (UnreadableEventException e) {
      return Arrived.unreadable(String.valueOf(e.getMessage()), value, all);
    } catch (RuntimeException e) {
      // Any exception: the same bytes would end every thread that reads them.
      return Arrived.unreadable("value cannot be read: " + e, value, all);
    }
  }

  /**
   * A store's cache keeps, for each row, the headers of the record that changed it, and a header
   * that nobody has read keeps the bytes of its whole record. Only these few stay, and are read.
   */
  private static void lighten(Headers headers) {
    for (Iterator<Header> all = headers.iterator(); all.hasNext(); ) {
      Header header = all.next();
      if (!KEPT_HEADERS.contains(header.key()) || header.value() == null) {
        all.remove();
      }
    }
  }

  private Audited read(Headers headers, byte @Nullable [] value) {
    Header header = headers.lastHeader(EventHeaders.CE_TYPE);
    if (header == null || header.value() == null) {
      throw new UnreadableEventException("header " + EventHeaders.CE_TYPE + " is missing");
    }
    String type = new String(header.value(), StandardCharsets.UTF_8);
    return switch (type) {
      case EventHeaders.TYPE_DECISION -> new Audited.Decided(reader.decision(value));
      case EventHeaders.TYPE_ADJUSTMENT -> new Audited.Adjusted(reader.adjustment(value));
      case EventHeaders.TYPE_LEDGER -> new Audited.Told(reader.ledger(value));
      default -> throw new UnreadableEventException(EventHeaders.CE_TYPE + " is unknown: " + type);
    };
  }
}
