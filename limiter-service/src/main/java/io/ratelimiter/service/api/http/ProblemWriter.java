package io.ratelimiter.service.api.http;

import io.ratelimiter.schemas.JsonBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Writes problems as {@code application/problem+json}. */
public final class ProblemWriter {

  private final JsonBytes json = new JsonBytes();

  /** Returns the problem as an answer with the correlation id in body and header. */
  public Answer answer(Problem problem, String correlationId) {
    return answer(problem, correlationId, _ -> {});
  }

  /**
   * Returns the problem as an answer with more members in its body.
   *
   * @param extension writes the members that follow those of every problem
   */
  public Answer answer(Problem problem, String correlationId, Consumer<JsonGenerator> extension) {
    byte[] body =
        json.write(out -> {
          writeMembers(out, problem, correlationId);
          extension.accept(out);
        });
    List<Header> headers = new ArrayList<>(problem.headers());
    headers.add(new Header(CorrelationIds.HEADER, correlationId));
    headers.add(Header.NO_STORE);
    return new Answer(problem.status(), headers, Answer.PROBLEM, body);
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
