package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.api.codec.CheckWriter;
import io.ratelimiter.service.api.codec.Query;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import java.util.concurrent.CompletionStage;

/** {@code GET /v1/usage}: returns each limit that applies and what remains; charges nothing. */
public final class UsageEndpoint implements Endpoint {

  private final Checks checks;
  private final JsonBytes json = new JsonBytes();

  public UsageEndpoint(Checks checks) {
    this.checks = checks;
  }

  @Override
  public void admit(RequestHead head) {
    HeadValidation.admit(head, "GET");
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return checks.check(check(new Query(head.query())), correlationId).thenApply(this::render);
  }

  private static Check check(Query query) {
    return query.subject(0).with(new CheckOptions(query.priority(), 0, 0, null));
  }

  private Answer render(CheckResult answer) {
    byte[] body =
        json.write(out -> {
          out.writeStringProperty("tenant", answer.check().tenant());
          out.writeStringProperty("client_id", answer.check().clientId());
          out.writeStringProperty("limit_key", answer.check().limitKey());
          out.writeStringProperty("correlation_id", answer.correlationId());
          out.writeStringProperty("source", answer.decision().source().wireName());
          out.writeBooleanProperty("degraded", answer.decision().degraded());
          CheckWriter.writePriority(out, answer.check());
          CheckWriter.writeLimits(out, answer);
        });
    return Answer.json(answer.correlationId(), body);
  }
}
