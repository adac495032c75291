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
 * Links the span of each publication to the traces of the decisions in it: a row sums up many
 * decisions, so it belongs to no single trace. Without the OpenTelemetry agent it has no effect.
 */
final class PublishedTrace {

  /** Max links of a span: thousands of decisions may precede a publication. */
  private static final int MAX_LINKS = 64;

  private final Tracer tracer = GlobalOpenTelemetry.getTracer("io.ratelimiter.auditor");
  private final List<SpanContext> decisions = new ArrayList<>();

  /** Adds a link to the current span, which is that of a decision. */
  void addDecision() {
    SpanContext current = Span.current().getSpanContext();
    if (current.isSampled() && decisions.size() < MAX_LINKS) {
      decisions.add(current);
    }
  }

  /** Publishes under a span with these links, or without a span if there are none. */
  void publish(Runnable publication) {
    if (decisions.isEmpty()) {
      publication.run();
      return;
    }
    SpanBuilder builder = tracer.spanBuilder("publish minutes").setNoParent();
    decisions.forEach(builder::addLink);
    decisions.clear();
    Span span = builder.startSpan();
    try (Scope _ = span.makeCurrent()) {
      publication.run();
    } finally {
      span.end();
    }
  }
}
