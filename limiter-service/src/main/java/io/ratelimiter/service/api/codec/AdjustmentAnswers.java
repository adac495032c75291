package io.ratelimiter.service.api.codec;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.schemas.json.JsonMembers;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.rules.Rule;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/** Writes the answer to a refund, a reset or a settlement. */
public final class AdjustmentAnswers {

  private static final SerializedString BURST = new SerializedString("burst");

  private final JsonBytes json = new JsonBytes();

  public Answer render(AdjustmentResult answer) {
    return Answer.json(answer.correlationId(), json.write(out -> write(out, answer)));
  }

  private static void write(JsonGenerator out, AdjustmentResult answer) {
    AdjustmentResult.Settled settled = answer.settled();
    out.writeBooleanProperty("applied", answer.adjustment().applied());
    if (settled != null) {
      out.writeStringProperty("decision_id", settled.decisionId());
    }
    writeSubject(out, answer);
    if (settled != null) {
      out.writeNumberProperty("estimate", answer.check().cost());
      out.writeNumberProperty("cost", settled.cost());
      out.writeNumberProperty("uncharged", WireValues.uncharged(answer.adjustment()));
    }
    out.writeArrayPropertyStart("limits");
    for (Adjustment.Limit limit : answer.adjustment().limits()) {
      out.writeStartObject();
      writeLimit(out, limit, settled != null);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeSubject(JsonGenerator out, AdjustmentResult answer) {
    if (answer.adjustmentId() != null) {
      out.writeStringProperty("adjustment_id", answer.adjustmentId());
    }
    out.writeStringProperty("correlation_id", answer.correlationId());
    out.writeStringProperty("tenant", answer.check().tenant());
    out.writeStringProperty("client_id", answer.check().clientId());
    out.writeStringProperty("limit_key", answer.check().limitKey());
  }

  private static void writeLimit(JsonGenerator out, Adjustment.Limit limit, boolean settled) {
    Rule rule = limit.rule();
    out.writeStringProperty("rule", rule.name());
    out.writeStringProperty("algorithm", rule.policy().algorithm().wireName());
    out.writeNumberProperty("limit", rule.policy().limit());
    JsonMembers.write(out, BURST, WireValues.burst(rule.policy()));
    out.writeNumberProperty("window", rule.policy().windowSeconds());
    out.writeNumberProperty("given_back", limit.givenBack());
    if (settled) {
      out.writeNumberProperty("taken", limit.taken());
      out.writeNumberProperty("uncharged", limit.uncharged());
    }
    out.writeNumberProperty("remaining", limit.remaining());
    out.writeStringProperty("mode", rule.mode().wireName());
  }
}
