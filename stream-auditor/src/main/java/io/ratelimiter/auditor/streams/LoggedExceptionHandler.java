package io.ratelimiter.auditor.streams;

import io.ratelimiter.schemas.EventHeaders;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.MDC;

/**
 * Kafka Streams' handler that logs an exception of a processor and ends the stream thread; its
 * lines also have the correlation id of the decision, if that is valid. Created by Kafka Streams.
 */
public final class LoggedExceptionHandler extends LogAndFailProcessingExceptionHandler {

  private static final String CORRELATION_ID = "correlation_id";

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception fault) {
    try (MDC.MDCCloseable _ =
        MDC.putCloseable(CORRELATION_ID, EventHeaders.correlationId(context.headers()))) {
      return super.handleError(context, record, fault);
    }
  }
}
