package io.ratelimiter.service.api.codec;

import io.ratelimiter.schemas.JsonBytes;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.CorrelationIds;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.check.AdjustmentAnswer;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes the answer to a refund or reset. */
public final class AdjustmentAnswers {

  private final JsonBytes json = new JsonBytes();

  public Answer render(AdjustmentAnswer answer) {
    return Answer.json(
        200,
        List.of(new Header(CorrelationIds.HEADER, answer.correlationId()), Header.NO_STORE),
        json.write(out -> write(out, answer)));
  }

  private static void write(JsonGenerator out, AdjustmentAnswer answer) {
    out.writeBooleanProperty("applied", answer.adjustment().applied());
    if (answer.adjustmentId() != null) {
      out.writeStringProperty("adjustment_id", answer.adjustmentId());
    }
    out.writeStringProperty("correlation_id", answer.correlationId());
    out.writeStringProperty("tenant", answer.check().tenant());
    out.writeStringProperty("client_id", answer.check().clientId());
    out.writeStringProperty("limit_key", answer.check().limitKey());
    out.writeArrayPropertyStart("limits");
    for (Adjustment.Limit limit : answer.adjustment().limits()) {
      out.writeStartObject();
      writeLimit(out, limit);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeLimit(JsonGenerator out, Adjustment.Limit limit) {
    Rule rule = limit.rule();
    out.writeStringProperty("rule", rule.name());
    out.writeStringProperty("algorithm", rule.policy().algorithm().wireName());
    out.writeNumberProperty("limit", rule.policy().limit());
    out.writeName("burst");
    if (rule.policy() instanceof Policy.TokenBucket bucket) {
      out.writeNumber(bucket.burst());
    } else {
      out.writeNull();
    }
    out.writeNumberProperty("window", rule.policy().windowSeconds());
    out.writeNumberProperty("given_back", limit.givenBack());
    out.writeNumberProperty("remaining", limit.remaining());
    out.writeStringProperty("mode", rule.mode().wireName());
  }
}
