package io.ratelimiter.auditor.topology;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Ties what is told to the decisions that it tells of. A row sums up many traces, so it belongs to
 * none of them: the span under which it is told has links to them. Does nothing without the agent.
 */
final class ToldTrace {

  /** Of the decisions since the last time; a busy second has thousands. */
  private static final int MAX_LINKS = 64;

  private final Tracer tracer = GlobalOpenTelemetry.getTracer("io.ratelimiter.auditor");
  private final List<SpanContext> decisions = new ArrayList<>();

  /** A record was read, under the span of this moment. */
  void read() {
    SpanContext current = Span.current().getSpanContext();
    if (current.isSampled() && decisions.size() < MAX_LINKS) {
      decisions.add(current);
    }
  }

  /** Tells of them. */
  void tell(Runnable telling) {
    if (decisions.isEmpty()) {
      telling.run();
      return;
    }
    SpanBuilder builder = tracer.spanBuilder("tell minutes").setNoParent();
    decisions.forEach(builder::addLink);
    decisions.clear();
    Span span = builder.startSpan();
    try (Scope _ = span.makeCurrent()) {
      telling.run();
    } finally {
      span.end();
    }
  }
}
