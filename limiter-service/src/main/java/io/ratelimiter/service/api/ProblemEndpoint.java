package io.ratelimiter.service.api;

import io.ratelimiter.service.api.endpoints.Endpoint;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.http.RequestHead;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers every request with one problem; for paths without an endpoint. */
record ProblemEndpoint(Problem problem) implements Endpoint {

  static final ProblemEndpoint MALFORMED =
      new ProblemEndpoint(
          Problem.of(
              400,
              "the path must be percent-encoded UTF-8 within the root, without parameters and without"
                  + " escaped slashes, backslashes and control characters"));

  @Override
  public void admit(RequestHead head) {
    throw new ProblemException(problem);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return CompletableFuture.failedStage(new IllegalStateException("no request is admitted"));
  }
}
