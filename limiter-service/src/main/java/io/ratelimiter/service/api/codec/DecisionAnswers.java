package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.CorrelationIds;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Decision;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Adds the headers to a decided check; one that fails closed becomes a problem. */
public final class DecisionAnswers {

  private final ProblemWriter problems;

  public DecisionAnswers(ProblemWriter problems) {
    this.problems = problems;
  }

  /**
   * The answer to a check.
   *
   * @param body called unless the decision is a problem
   */
  public Answer render(
      CheckResult answer, int status, @Nullable String contentType, Supplier<byte[]> body) {
    List<Header> headers = RateLimitHeaders.of(answer.decision());
    if (answer.decision() instanceof Decision.FailedClosed) {
      Problem problem =
          new Problem(
              503,
              "the store does not answer, and the rule fails closed",
              WireValues.reason(answer.decision()),
              headers);
      return problems.answer(
          problem, answer.correlationId(), out -> CheckWriter.writeFailedClosed(out, answer));
    }
    headers.add(new Header(CorrelationIds.HEADER, answer.correlationId()));
    headers.add(Header.NO_STORE);
    return new Answer(status, headers, contentType, body.get());
  }
}
