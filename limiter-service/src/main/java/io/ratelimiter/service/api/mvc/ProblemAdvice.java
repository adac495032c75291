package io.ratelimiter.service.api.mvc;

import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.http.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers every exception in Spring MVC with a problem. */
@RestControllerAdvice
final class ProblemAdvice {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  private final ProblemWriter problems;

  ProblemAdvice(ProblemWriter problems) {
    this.problems = problems;
  }

  /** Writes to the response directly, since a problem ignores the Accept header. */
  @ExceptionHandler(Exception.class)
  void handle(Exception failure, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (response.isCommitted()) {
      log.warn("{} {} was aborted", request.getMethod(), request.getRequestURI(), failure);
      return;
    }
    Problem problem = problem(failure, request);
    if (problem.status() >= 500 && !(failure instanceof ProblemException)) {
      log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
    }
    response.resetBuffer();
    write(problems.answer(problem, Correlation.of(request)), response);
  }

  private static Problem problem(Exception failure, HttpServletRequest request) {
    return switch (failure) {
      case ProblemException known -> known.problem();
      case NoResourceFoundException _ -> Problem.nothingAt(request.getRequestURI());
      case HttpMessageNotReadableException _ ->
          Problem.of(400, "the body must be valid JSON of the documented form");
      case MissingServletRequestParameterException missing ->
          Problem.of(400, missing.getParameterName() + " is required");
      case MethodArgumentTypeMismatchException mismatch ->
          Problem.of(400, mismatch.getName() + " has a value of the wrong kind");
      case InvalidParameterException _ ->
          Problem.of(400, "the query must be pairs of a name and a value, percent-encoded UTF-8");
      case ErrorResponse known -> ofSpring(known);
      default -> Problem.FAILED;
    };
  }

  private static Problem ofSpring(ErrorResponse error) {
    String detail = error.getBody().getDetail();
    return new Problem(
        error.getStatusCode().value(),
        detail == null ? "the request cannot be answered" : detail,
        null,
        headers(error.getHeaders()));
  }

  private static List<Header> headers(HttpHeaders from) {
    List<Header> headers = new ArrayList<>();
    from.forEach((name, values) -> headers.add(new Header(name, String.join(", ", values))));
    return headers;
  }

  /** Writes an answer to an empty response; blocks while the caller does not read. */
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
