package io.ratelimiter.schemas;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;

/**
 * Record headers of the decisions topic: CloudEvents 1.0 in binary mode, and the correlation id.
 */
public final class EventHeaders {

  public static final String CORRELATION_ID = "correlation-id";
  public static final String CE_ID = "ce_id";
  public static final String CE_SOURCE = "ce_source";
  public static final String CE_SPEC_VERSION = "ce_specversion";
  public static final String CE_TYPE = "ce_type";
  public static final String CE_TIME = "ce_time";
  public static final String CONTENT_TYPE = "content-type";

  /** {@code ce_type} of a {@link DecisionEvent}. */
  public static final String TYPE_DECISION = "decision.v1";

  /** {@code ce_type} of an {@link AdjustmentEvent}. */
  public static final String TYPE_ADJUSTMENT = "adjustment.v1";

  /** {@code ce_type} of a {@link LedgerEvent}. */
  public static final String TYPE_LEDGER = "ledger.v1";

  private EventHeaders() {}

  /**
   * The correlation id in a record's headers: that of the last header with a value; empty if there
   * is none or it is invalid, since a record may have any text.
   */
  public static String correlationId(Iterable<Header> headers) {
    String found = "";
    for (Header header : headers) {
      if (header.key().equals(CORRELATION_ID) && header.value() != null) {
        found = new String(header.value(), StandardCharsets.UTF_8);
      }
    }
    return Bounds.isCorrelationId(found) ? found : "";
  }
}
