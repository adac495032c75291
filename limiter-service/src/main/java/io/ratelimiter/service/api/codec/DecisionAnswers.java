package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.CorrelationIds;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.check.CheckAnswer;
import io.ratelimiter.service.limiter.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds the headers to a decided check; one that fails closed becomes a problem. */
public final class DecisionAnswers {

  private final ProblemWriter problems;

  public DecisionAnswers(ProblemWriter problems) {
    this.problems = problems;
  }

  /** The answer to a check; the body is dropped when the decision is a problem. */
  public Answer render(CheckAnswer answer, int status, @Nullable String contentType, byte[] body) {
    List<Header> headers = RateLimitHeaders.of(answer.decision());
    if (answer.decision() instanceof Decision.FailedClosed failed) {
      Problem problem =
          new Problem(
              503,
              "the store does not answer, and the rule fails closed",
              "store_unavailable",
              headers);
      return problems.answer(
          problem,
          answer.correlationId(),
          out -> CheckWriter.writeFailedClosed(out, answer, failed));
    }
    headers.add(new Header(CorrelationIds.HEADER, answer.correlationId()));
    headers.add(Header.NO_STORE);
    return new Answer(status, headers, contentType, body);
  }
}
