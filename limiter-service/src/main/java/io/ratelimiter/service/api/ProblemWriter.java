package io.ratelimiter.service.api;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.check.CheckAnswer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes problems as {@code application/problem+json}. */
public final class ProblemWriter {

  private final JsonBytes json = new JsonBytes();

  /** The problem as an answer, correlation id included. */
  public Answer answer(Problem problem, String correlationId) {
    byte[] body = json.write(out -> writeMembers(out, problem, correlationId));
    return answer(problem, correlationId, body);
  }

  /** The problem of a fail-closed decision, which is a decision too and has an id. */
  Answer failedClosed(Problem problem, CheckAnswer check, long retryAfterMillis) {
    byte[] body =
        json.write(out -> {
          writeMembers(out, problem, check.correlationId());
          out.writeBooleanProperty("allowed", false);
          out.writeNumberProperty("retry_after_ms", retryAfterMillis);
          if (check.decisionId() != null) {
            out.writeStringProperty("decision_id", check.decisionId());
          }
          out.writeStringProperty("source", check.decision().source().wireName());
          out.writeBooleanProperty("degraded", true);
        });
    return answer(problem, check.correlationId(), body);
  }

  private static Answer answer(Problem problem, String correlationId, byte[] body) {
    List<Header> headers = new ArrayList<>(problem.headers());
    headers.add(new Header(CorrelationIds.HEADER, correlationId));
    headers.add(Header.NO_STORE);
    return new Answer(problem.status(), headers, MediaTypes.PROBLEM, body);
  }

  private static void writeMembers(JsonGenerator out, Problem problem, String correlationId) {
    out.writeStringProperty("type", "about:blank");
    out.writeStringProperty("title", problem.title());
    out.writeNumberProperty("status", problem.status());
    out.writeStringProperty("detail", problem.detail());
    if (problem.reason() != null) {
      out.writeStringProperty("reason", problem.reason());
    }
    out.writeStringProperty("correlation_id", correlationId);
  }
}
