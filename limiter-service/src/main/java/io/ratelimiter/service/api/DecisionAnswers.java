package io.ratelimiter.service.api;

import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts headers to a decided check; one that fails closed becomes a problem. */
final class DecisionAnswers {

  private final ProblemWriter problems;

  DecisionAnswers(ProblemWriter problems) {
    this.problems = problems;
  }

  Answer render(CheckResult answer, int status, @Nullable String contentType, byte[] body) {
    List<Header> headers = RateLimitHeaders.of(answer.decision());
    if (answer.decision() instanceof Decision.FailedClosed) {
      return problems.failedClosed(
          new Problem(
              503,
              "the store does not answer, and the rule fails closed",
              WireValues.reason(answer.decision()),
              headers),
          answer);
    }
    headers.add(new Header(CorrelationIds.HEADER, answer.correlationId()));
    headers.add(Header.NO_STORE);
    return new Answer(status, headers, contentType, body);
  }
}
