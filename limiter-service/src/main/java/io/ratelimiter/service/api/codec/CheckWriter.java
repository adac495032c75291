package io.ratelimiter.service.api.codec;

import static io.ratelimiter.schemas.json.JsonMembers.write;
import static io.ratelimiter.schemas.json.JsonMembers.writeSeconds;

import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
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
  private static final SerializedString HELD_MS = new SerializedString("held_ms");
  private static final SerializedString LIMIT = new SerializedString("limit");
  private static final SerializedString LIMITS = new SerializedString("limits");
  private static final SerializedString MODE = new SerializedString("mode");
  private static final SerializedString PRIORITY = new SerializedString("priority");
  private static final SerializedString REASON = new SerializedString("reason");
  private static final SerializedString REMAINING = new SerializedString("remaining");
  private static final SerializedString RESERVE = new SerializedString("reserve");
  private static final SerializedString RESET_AT = new SerializedString("reset_at");
  private static final SerializedString RETRY_AFTER_MS = new SerializedString("retry_after_ms");
  private static final SerializedString RULE = new SerializedString("rule");
  private static final SerializedString RULE_REVISION = new SerializedString("rule_revision");
  private static final SerializedString SOURCE = new SerializedString("source");
  private static final SerializedString WAIT_MS = new SerializedString("wait_ms");
  private static final SerializedString WINDOW = new SerializedString("window");

  private static final long NOT_HELD = -1;

  private CheckWriter() {}

  /** Writes an answer that is sent at once. */
  public static void writeAnswer(JsonGenerator out, CheckResult answer) {
    writeAnswer(out, answer, NOT_HELD);
  }

  /** Writes an answer that was held for this time, microseconds. */
  public static void writeHeld(JsonGenerator out, CheckResult answer, long heldMicros) {
    writeAnswer(out, answer, heldMicros);
  }

  private static void writeAnswer(JsonGenerator out, CheckResult answer, long heldMicros) {
    Decision decision = answer.decision();
    LimitOutcome top = decision.top();
    write(out, ALLOWED, decision instanceof Decision.Allowed);
    writeFigures(out, decision, top);
    writeBlock(out, decision);
    writeWait(out, answer, heldMicros);
    writeOrigin(out, answer, top);
    writeLimits(out, answer);
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
    if (top == null) {
      writeNulls(out, REMAINING, LIMIT, WINDOW, RESET_AT);
      return;
    }
    write(out, REMAINING, WireValues.remaining(decision, top));
    write(out, LIMIT, top.rule().policy().limit());
    write(out, WINDOW, top.rule().policy().windowSeconds());
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

  /** Only of a check with a max wait; rounded up, so that the caller does not start early. */
  private static void writeWait(JsonGenerator out, CheckResult answer, long heldMicros) {
    if (answer.check().options().maxWaitMillis() == 0) {
      return;
    }
    long left = answer.decision().waitMicros() - Math.max(0, heldMicros);
    write(out, WAIT_MS, WireValues.millis(Math.max(0, left)));
    if (heldMicros != NOT_HELD) {
      write(out, HELD_MS, WireValues.millis(heldMicros));
    }
  }

  private static void writeOrigin(
      JsonGenerator out, CheckResult answer, @Nullable LimitOutcome top) {
    if (answer.decisionId() != null) {
      write(out, DECISION_ID, answer.decisionId());
    }
    write(out, CORRELATION_ID, answer.correlationId());
    if (top == null) {
      writeNulls(out, RULE, RULE_REVISION, ALGORITHM);
    } else {
      write(out, RULE, top.rule().name());
      write(out, RULE_REVISION, top.rule().revision());
      write(out, ALGORITHM, top.rule().policy().algorithm().wireName());
    }
    write(out, SOURCE, answer.decision().source().wireName());
    write(out, DEGRADED, answer.decision().degraded());
    writePriority(out, answer.check());
  }

  /** Writes the priority of a check unless it is the default. */
  public static void writePriority(JsonGenerator out, Check check) {
    if (check.priority() != Priority.NORMAL) {
      write(out, PRIORITY, check.priority().wireName());
    }
  }

  /** Writes the limits that apply, with the units reserved from the priority of the check. */
  public static void writeLimits(JsonGenerator out, CheckResult answer) {
    out.writeName(LIMITS);
    out.writeStartArray();
    for (LimitOutcome limit : answer.decision().limits()) {
      out.writeStartObject();
      writeLimit(out, limit, answer.check().priority());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeLimit(JsonGenerator out, LimitOutcome limit, Priority priority) {
    Rule rule = limit.rule();
    write(out, RULE, rule.name());
    write(out, ALGORITHM, rule.policy().algorithm().wireName());
    write(out, LIMIT, rule.policy().limit());
    write(out, BURST, WireValues.burst(rule.policy()));
    write(out, WINDOW, rule.policy().windowSeconds());
    long reserved = rule.reserved(priority);
    if (reserved > 0) {
      write(out, RESERVE, reserved);
    }
    switch (limit) {
      case LimitOutcome.Evaluated evaluated -> {
        write(out, REMAINING, evaluated.remaining());
        writeResetAt(out, evaluated);
        write(out, ALLOWED, evaluated.allowed());
      }
      case LimitOutcome.NotEvaluated _ -> writeNulls(out, REMAINING, RESET_AT, ALLOWED);
    }
    write(out, MODE, rule.mode().wireName());
  }

  /** Seconds since 1970 with three decimals; null without an evaluation. */
  private static void writeResetAt(JsonGenerator out, LimitOutcome limit) {
    writeSeconds(out, RESET_AT, WireValues.resetAtMillis(limit));
  }

  private static void writeNulls(JsonGenerator out, SerializedString... names) {
    for (SerializedString name : names) {
      out.writeName(name);
      out.writeNull();
    }
  }
}
