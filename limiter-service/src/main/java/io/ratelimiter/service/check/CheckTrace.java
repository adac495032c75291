package io.ratelimiter.service.check;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;

/**
 * The trace that a check belongs to. The decision comes on another thread, the store's event loop
 * or a timer: what is told there belongs to the request that asked all the same. Does nothing where
 * no agent is attached.
 */
record CheckTrace(Context request) {

  private static final AttributeKey<String> RULE = AttributeKey.stringKey("ratelimiter.rule");
  private static final AttributeKey<String> TENANT = AttributeKey.stringKey("ratelimiter.tenant");
  private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("ratelimiter.source");
  private static final AttributeKey<String> ID = AttributeKey.stringKey("ratelimiter.decision_id");
  private static final AttributeKey<Boolean> ALLOWED =
      AttributeKey.booleanKey("ratelimiter.allowed");

  /** The trace of the request that this thread serves. */
  static CheckTrace begun() {
    return new CheckTrace(Context.current());
  }

  /** Does this, on this thread, as part of the request. */
  void within(Runnable work) {
    try (Scope _ = request.makeCurrent()) {
      work.run();
    }
  }

  /** Says on the request's span what was decided; of a batch, the last decision stands there. */
  void decided(String decisionId, Decision decision) {
    Span span = Span.fromContext(request);
    if (!span.isRecording()) {
      return;
    }
    span.setAttribute(ID, decisionId);
    span.setAttribute(SOURCE, decision.source().wireName());
    span.setAttribute(ALLOWED, decision instanceof Decision.Allowed);
    LimitOutcome top = decision.top();
    if (top != null) {
      span.setAttribute(TENANT, top.rule().tenant());
      span.setAttribute(RULE, top.rule().name());
    }
  }
}
