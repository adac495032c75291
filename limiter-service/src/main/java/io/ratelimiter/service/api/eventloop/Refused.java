package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.Problem;
import io.ratelimiter.service.api.ProblemException;
import io.ratelimiter.service.api.RequestHead;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Stands at a path where there is nothing. */
record Refused(Problem problem) implements Endpoint {

  static final Refused MALFORMED =
      new Refused(
          Problem.of(
              400,
              "the path must be percent-encoded UTF-8 within the root, without parameters and without"
                  + " escaped slashes, backslashes and control characters"));

  static Refused missing(String path) {
    return new Refused(Problem.of(404, "there is nothing at " + path));
  }

  @Override
  public int maxBodyBytes() {
    return IGNORED;
  }

  @Override
  public void admit(RequestHead head) {
    throw new ProblemException(problem);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return CompletableFuture.failedStage(new IllegalStateException("nothing is admitted here"));
  }
}
