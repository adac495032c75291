package io.ratelimiter.service.api.codec;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Adjustment;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;

/** Writes the answer to a settlement. */
public final class SettlementAnswers {

  private final JsonBytes json = new JsonBytes();

  /** The answer to a settlement, applied now or before. */
  public Answer render(AdjustmentResult answer) {
    return Answer.json(answer.correlationId(), json.write(out -> write(out, answer)));
  }

  private static void write(JsonGenerator out, AdjustmentResult answer) {
    AdjustmentResult.Settled settled = Objects.requireNonNull(answer.settled());
    out.writeBooleanProperty("applied", answer.adjustment().applied());
    out.writeStringProperty("decision_id", settled.decisionId());
    AdjustmentAnswers.writeSubject(out, answer);
    out.writeNumberProperty("estimate", answer.check().cost());
    out.writeNumberProperty("cost", settled.cost());
    out.writeNumberProperty("uncharged", WireValues.uncharged(answer.adjustment()));
    out.writeArrayPropertyStart("limits");
    for (Adjustment.Limit limit : answer.adjustment().limits()) {
      out.writeStartObject();
      writeLimit(out, limit);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeLimit(JsonGenerator out, Adjustment.Limit limit) {
    AdjustmentAnswers.writeRule(out, limit.rule());
    out.writeNumberProperty("given_back", limit.givenBack());
    out.writeNumberProperty("taken", limit.taken());
    out.writeNumberProperty("uncharged", limit.uncharged());
    out.writeNumberProperty("remaining", limit.remaining());
    out.writeStringProperty("mode", limit.rule().mode().wireName());
  }
}
