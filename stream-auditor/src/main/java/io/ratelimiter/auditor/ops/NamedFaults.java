package io.ratelimiter.auditor.ops;

import io.ratelimiter.schemas.EventHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.MDC;

/**
 * Kafka Streams' own handler, whose log lines also have the correlation id of the decision that
 * they are about, as the caller was answered.
 */
final class NamedFaults {

  private static final String CORRELATION_ID = "correlation_id";

  private NamedFaults() {}

  /** A fault of our own: the stream thread ends. */
  public static final class Ours extends LogAndFailProcessingExceptionHandler {
    @Override
    public ProcessingExceptionHandler.Response handleError(
        ErrorHandlerContext context, Record<?, ?> record, Exception fault) {
      try (MDC.MDCCloseable _ = MDC.putCloseable(CORRELATION_ID, correlationId(context))) {
        return super.handleError(context, record, fault);
      }
    }
  }

  private static String correlationId(ErrorHandlerContext context) {
    Header header = context.headers().lastHeader(EventHeaders.CORRELATION_ID);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
