package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemWriter;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with a problem what Tomcat itself refuses, such as a malformed URI. Public, because
 * Tomcat instantiates it by name.
 */
public final class ProblemValve extends ErrorReportValve {

  private static final Logger log = LoggerFactory.getLogger(ProblemValve.class);

  private final ProblemWriter problems = new ProblemWriter();

  @Override
  protected void report(Request request, Response response, Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    String correlationId = Correlation.of(request);
    Problem problem = Problem.of(status, detail(status));
    // Without an exception, or after an I/O error, the connection has ended.
    if (status == 500 && failure != null && !(failure instanceof IOException)) {
      log.error(
          "{} {} failed, correlation id {}",
          request.getMethod(),
          request.getRequestURI(),
          correlationId,
          failure);
    }
    try {
      ProblemAdvice.write(problems.answer(problem, correlationId), response.getResponse());
      response.finishResponse();
    } catch (IOException e) {
      log.debug("The caller disconnected before the answer", e);
    }
  }

  private static String detail(int status) {
    return switch (status) {
      case 400 -> Problem.INVALID_HTTP.detail();
      case 404 -> "there is nothing at this path";
      case 405 -> "the method is not allowed here";
      default -> status >= 500 ? Problem.FAILED.detail() : "the request cannot be answered";
    };
  }
}
