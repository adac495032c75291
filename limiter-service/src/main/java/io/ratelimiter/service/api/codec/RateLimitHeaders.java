package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers that describe the limits of an answer: {@code RateLimit-Policy} and {@code RateLimit}
 * (IETF draft-ietf-httpapi-ratelimit-headers-11) and {@code Retry-After}.
 */
final class RateLimitHeaders {

  private static final long SECOND_MICROS = 1_000_000;

  private RateLimitHeaders() {}

  /**
   * The headers of a decision, in a list that may be extended.
   *
   * @param heldMicros time for which the answer was held after the decision
   */
  static List<Header> of(Decision decision, Priority priority, long heldMicros) {
    // Max three of its own, and two of every answer.
    List<Header> headers = new ArrayList<>(5);
    switch (decision) {
      case Decision.Allowed allowed ->
          addLimits(headers, allowed.limits(), priority, true, heldMicros);
      case Decision.Blocked blocked -> {
        addLimits(headers, blocked.limits(), priority, false, 0);
        if (blocked.retryAfterMicros() != LimitOutcome.Evaluated.NEVER) {
          headers.add(retryAfter(blocked.retryAfterMicros()));
        }
      }
      case Decision.FailedClosed failed -> headers.add(retryAfter(failed.retryAfterMicros()));
    }
    return headers;
  }

  private static Header retryAfter(long micros) {
    return new Header("Retry-After", Long.toString(Math.ceilDiv(micros, SECOND_MICROS)));
  }

  /** Adds the enforcing limits; of a blocked answer only those that block. */
  private static void addLimits(
      List<Header> headers,
      List<LimitOutcome> limits,
      Priority priority,
      boolean allowed,
      long heldMicros) {
    StructuredList policies = new StructuredList();
    StructuredList states = new StructuredList();
    for (LimitOutcome limit : limits) {
      if (limit.rule().enforcing()) {
        switch (limit) {
          case LimitOutcome.Evaluated evaluated -> {
            if (evaluated.allowed() == allowed) {
              addPolicy(policies, evaluated, priority);
              addState(states, evaluated, heldMicros);
            }
          }
          case LimitOutcome.NotEvaluated notEvaluated ->
              addPolicy(policies, notEvaluated, priority);
        }
      }
    }
    if (!policies.isEmpty()) {
      headers.add(new Header("RateLimit-Policy", policies.toString()));
    }
    if (!states.isEmpty()) {
      headers.add(new Header("RateLimit", states.toString()));
    }
  }

  private static void addPolicy(StructuredList policies, LimitOutcome limit, Priority priority) {
    Policy policy = limit.rule().policyFor(priority);
    policies
        .item(limit.rule().name())
        .parameter("q", policy.limit())
        .parameter("w", policy.windowSeconds());
  }

  private static void addState(
      StructuredList states, LimitOutcome.Evaluated limit, long heldMicros) {
    states.item(limit.rule().name()).parameter("r", limit.remaining());
    long seconds = (limit.nextUnitMicros() - heldMicros) / SECOND_MICROS;
    if (seconds > 0) {
      states.parameter("t", seconds);
    }
  }
}
