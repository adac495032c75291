package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.Header;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes a complete answer to an empty response. */
final class ProblemResponse {

  private ProblemResponse() {}

  /** Writes the answer; blocks while the caller does not read. */
  static void write(Answer answer, HttpServletResponse response) throws IOException {
    response.setStatus(answer.status());
    for (Header header : answer.headers()) {
      response.setHeader(header.name(), header.value());
    }
    if (answer.contentType() != null) {
      response.setContentType(answer.contentType());
    }
    response.setContentLength(answer.body().length);
    response.getOutputStream().write(answer.body());
  }
}
