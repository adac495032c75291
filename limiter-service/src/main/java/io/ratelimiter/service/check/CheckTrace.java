package io.ratelimiter.service.check;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;

/**
 * The trace of a check's request. The decision is made on another thread, the store's event loop or
 * a timer, so the request's context is stored here. Does nothing without an agent.
 */
record CheckTrace(Context request) {

  private static final AttributeKey<String> RULE = AttributeKey.stringKey("ratelimiter.rule");
  private static final AttributeKey<String> TENANT = AttributeKey.stringKey("ratelimiter.tenant");
  private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("ratelimiter.source");
  private static final AttributeKey<String> ID = AttributeKey.stringKey("ratelimiter.decision_id");
  private static final AttributeKey<Boolean> ALLOWED =
      AttributeKey.booleanKey("ratelimiter.allowed");

  /** The trace of the request that this thread serves. */
  static CheckTrace ofThisRequest() {
    return new CheckTrace(Context.current());
  }

  /** Runs this on the current thread as part of the request. */
  void within(Runnable work) {
    try (Scope _ = request.equals(Context.root()) ? Scope.noop() : request.makeCurrent()) {
      work.run();
    }
  }

  /** Sets the decision's attributes on the request's span; of a batch, the last decision's. */
  void decided(CheckResult result) {
    Span span = Span.fromContext(request);
    if (!span.isRecording()) {
      return;
    }
    Decision decision = result.decision();
    span.setAttribute(ID, result.publishedId());
    span.setAttribute(SOURCE, decision.source().wireName());
    span.setAttribute(ALLOWED, decision instanceof Decision.Allowed);
    LimitOutcome top = decision.top();
    if (top != null) {
      span.setAttribute(TENANT, top.rule().tenant());
      span.setAttribute(RULE, top.rule().name());
    }
  }
}
