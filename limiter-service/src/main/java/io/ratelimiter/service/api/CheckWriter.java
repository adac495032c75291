package io.ratelimiter.service.api;

import io.ratelimiter.service.check.CheckAnswer;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes the members of a decided check. */
final class CheckWriter {

  private static final String STORE_UNAVAILABLE = "store_unavailable";

  private CheckWriter() {}

  static void write(JsonGenerator out, CheckAnswer answer) {
    Decision decision = answer.decision();
    LimitOutcome top = decision.top();
    out.writeBooleanProperty("allowed", decision instanceof Decision.Allowed);
    writeFigures(out, decision, top);
    writeBlock(out, decision);
    writeOrigin(out, answer, top);
    writeLimits(out, decision.limits());
  }

  /** Milliseconds from microseconds, rounded up: whoever comes then is not too early. */
  static long millis(long micros) {
    return Math.ceilDiv(micros, 1_000);
  }

  private static void writeFigures(
      JsonGenerator out, Decision decision, @Nullable LimitOutcome top) {
    Rule rule = top == null ? null : top.rule();
    writeNumber(out, "remaining", top == null ? null : remaining(decision, top));
    writeNumber(out, "limit", rule == null ? null : rule.policy().limit());
    writeNumber(out, "window", rule == null ? null : rule.policy().windowSeconds());
    writeInstant(out, "reset_at", top);
  }

  private static long remaining(Decision decision, LimitOutcome top) {
    return switch (top) {
      case LimitOutcome.Judged judged -> judged.remaining();
      // Nobody counted. Failing open grants the limit, failing closed nothing.
      case LimitOutcome.Unjudged unjudged ->
          decision instanceof Decision.FailedClosed ? 0 : unjudged.rule().policy().limit();
    };
  }

  private static void writeBlock(JsonGenerator out, Decision decision) {
    switch (decision) {
      case Decision.Allowed _ -> {
        // Neither reason nor retry.
      }
      case Decision.Blocked blocked -> {
        out.writeStringProperty("reason", blocked.reason().wireName());
        if (blocked.retryAfterMicros() != LimitOutcome.Judged.NEVER) {
          out.writeNumberProperty("retry_after_ms", millis(blocked.retryAfterMicros()));
        }
      }
      case Decision.FailedClosed failed -> {
        out.writeStringProperty("reason", STORE_UNAVAILABLE);
        out.writeNumberProperty("retry_after_ms", millis(failed.retryAfterMicros()));
      }
    }
  }

  private static void writeOrigin(
      JsonGenerator out, CheckAnswer answer, @Nullable LimitOutcome top) {
    if (answer.decisionId() != null) {
      out.writeStringProperty("decision_id", answer.decisionId());
    }
    out.writeStringProperty("correlation_id", answer.correlationId());
    Rule rule = top == null ? null : top.rule();
    writeString(out, "rule", rule == null ? null : rule.name());
    writeNumber(out, "rule_revision", rule == null ? null : rule.revision());
    writeString(out, "algorithm", rule == null ? null : rule.policy().algorithm().wireName());
    out.writeStringProperty("source", answer.decision().source().wireName());
    out.writeBooleanProperty("degraded", answer.decision().degraded());
  }

  static void writeLimits(JsonGenerator out, List<LimitOutcome> limits) {
    out.writeArrayPropertyStart("limits");
    for (LimitOutcome limit : limits) {
      out.writeStartObject();
      writeLimit(out, limit);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeLimit(JsonGenerator out, LimitOutcome limit) {
    Rule rule = limit.rule();
    LimitOutcome.Judged judged = limit instanceof LimitOutcome.Judged j ? j : null;
    out.writeStringProperty("rule", rule.name());
    out.writeStringProperty("algorithm", rule.policy().algorithm().wireName());
    out.writeNumberProperty("limit", rule.policy().limit());
    writeNumber(
        out, "burst", rule.policy() instanceof Policy.TokenBucket bucket ? bucket.burst() : null);
    out.writeNumberProperty("window", rule.policy().windowSeconds());
    writeNumber(out, "remaining", judged == null ? null : judged.remaining());
    writeInstant(out, "reset_at", limit);
    out.writeName("allowed");
    if (judged == null) {
      out.writeNull();
    } else {
      out.writeBoolean(judged.allowed());
    }
    out.writeStringProperty("mode", rule.mode().wireName());
  }

  /** Seconds since 1970 with three decimals; null where nobody judged. */
  private static void writeInstant(JsonGenerator out, String name, @Nullable LimitOutcome limit) {
    out.writeName(name);
    if (limit instanceof LimitOutcome.Judged judged) {
      out.writeNumber(BigDecimal.valueOf(millis(judged.resetAtMicros()), 3));
    } else {
      out.writeNull();
    }
  }

  private static void writeString(JsonGenerator out, String name, @Nullable String value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeString(value);
    }
  }

  private static void writeNumber(JsonGenerator out, String name, @Nullable Long value) {
    out.writeName(name);
    if (value == null) {
      out.writeNull();
    } else {
      out.writeNumber(value.longValue());
    }
  }
}
