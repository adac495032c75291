package io.ratelimiter.service.api.codec;

import static io.ratelimiter.schemas.json.JsonMembers.write;
import static io.ratelimiter.schemas.json.JsonMembers.writeSeconds;

import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/** Writes decided checks as JSON members. */
public final class CheckWriter {

  private static final SerializedString ALGORITHM = new SerializedString("algorithm");
  private static final SerializedString ALLOWED = new SerializedString("allowed");
  private static final SerializedString BURST = new SerializedString("burst");
  private static final SerializedString CORRELATION_ID = new SerializedString("correlation_id");
  private static final SerializedString DECISION_ID = new SerializedString("decision_id");
  private static final SerializedString DEGRADED = new SerializedString("degraded");
  private static final SerializedString LIMIT = new SerializedString("limit");
  private static final SerializedString LIMITS = new SerializedString("limits");
  private static final SerializedString MODE = new SerializedString("mode");
  private static final SerializedString REASON = new SerializedString("reason");
  private static final SerializedString REMAINING = new SerializedString("remaining");
  private static final SerializedString RESET_AT = new SerializedString("reset_at");
  private static final SerializedString RETRY_AFTER_MS = new SerializedString("retry_after_ms");
  private static final SerializedString RULE = new SerializedString("rule");
  private static final SerializedString RULE_REVISION = new SerializedString("rule_revision");
  private static final SerializedString SOURCE = new SerializedString("source");
  private static final SerializedString WINDOW = new SerializedString("window");

  private CheckWriter() {}

  public static void writeAnswer(JsonGenerator out, CheckResult answer) {
    Decision decision = answer.decision();
    LimitOutcome top = decision.top();
    write(out, ALLOWED, decision instanceof Decision.Allowed);
    writeFigures(out, decision, top);
    writeBlock(out, decision);
    writeOrigin(out, answer, top);
    writeLimits(out, decision.limits());
  }

  /** Writes the members of a fail-closed decision's problem: it is a decision and has an id. */
  static void writeFailedClosed(JsonGenerator out, CheckResult answer) {
    write(out, ALLOWED, false);
    write(out, RETRY_AFTER_MS, WireValues.retryAfterMillis(answer.decision()));
    if (answer.decisionId() != null) {
      write(out, DECISION_ID, answer.decisionId());
    }
    write(out, SOURCE, answer.decision().source().wireName());
    write(out, DEGRADED, true);
  }

  private static void writeFigures(
      JsonGenerator out, Decision decision, @Nullable LimitOutcome top) {
    Rule rule = top == null ? null : top.rule();
    write(out, REMAINING, top == null ? null : WireValues.remaining(decision, top));
    write(out, LIMIT, rule == null ? null : rule.policy().limit());
    write(out, WINDOW, rule == null ? null : rule.policy().windowSeconds());
    writeResetAt(out, top);
  }

  private static void writeBlock(JsonGenerator out, Decision decision) {
    String reason = WireValues.reason(decision);
    if (reason != null) {
      write(out, REASON, reason);
    }
    Long retryAfterMillis = WireValues.retryAfterMillis(decision);
    if (retryAfterMillis != null) {
      write(out, RETRY_AFTER_MS, retryAfterMillis);
    }
  }

  private static void writeOrigin(
      JsonGenerator out, CheckResult answer, @Nullable LimitOutcome top) {
    if (answer.decisionId() != null) {
      write(out, DECISION_ID, answer.decisionId());
    }
    write(out, CORRELATION_ID, answer.correlationId());
    Rule rule = top == null ? null : top.rule();
    write(out, RULE, rule == null ? null : rule.name());
    write(out, RULE_REVISION, rule == null ? null : rule.revision());
    write(out, ALGORITHM, rule == null ? null : rule.policy().algorithm().wireName());
    write(out, SOURCE, answer.decision().source().wireName());
    write(out, DEGRADED, answer.decision().degraded());
  }

  public static void writeLimits(JsonGenerator out, List<LimitOutcome> limits) {
    out.writeName(LIMITS);
    out.writeStartArray();
    for (LimitOutcome limit : limits) {
      out.writeStartObject();
      writeLimit(out, limit);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeLimit(JsonGenerator out, LimitOutcome limit) {
    Rule rule = limit.rule();
    LimitOutcome.Evaluated evaluated = limit instanceof LimitOutcome.Evaluated j ? j : null;
    write(out, RULE, rule.name());
    write(out, ALGORITHM, rule.policy().algorithm().wireName());
    write(out, LIMIT, rule.policy().limit());
    write(out, BURST, WireValues.burst(rule.policy()));
    write(out, WINDOW, rule.policy().windowSeconds());
    write(out, REMAINING, evaluated == null ? null : evaluated.remaining());
    writeResetAt(out, limit);
    write(out, ALLOWED, evaluated == null ? null : evaluated.allowed());
    write(out, MODE, rule.mode().wireName());
  }

  /** Seconds since 1970 with three decimals; null without an evaluation. */
  private static void writeResetAt(JsonGenerator out, @Nullable LimitOutcome limit) {
    writeSeconds(out, RESET_AT, WireValues.resetAtMillis(limit));
  }
}
