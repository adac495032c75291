package io.ratelimiter.service.api.codec;

import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.CorrelationIds;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Hold;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.WireValues;
import io.ratelimiter.service.limiter.Decision;
import java.util.List;
import java.util.function.LongFunction;
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
   * @param heldMicros time for which the answer was held
   * @param body called unless the decision is a problem
   */
  public Answer render(
      CheckResult answer,
      long heldMicros,
      int status,
      @Nullable String contentType,
      Supplier<byte[]> body) {
    List<Header> headers =
        RateLimitHeaders.of(answer.decision(), answer.check().priority(), heldMicros);
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

  /**
   * The answer to a check, to be sent when its caller may start.
   *
   * @param now the answer without a wait, and if it cannot be held
   * @param later makes the answer from the time for which it was held, microseconds
   */
  public static Answer held(CheckResult result, Answer now, LongFunction<Answer> later) {
    long wait = result.decision().waitMicros();
    return wait == 0 ? now : now.held(new Hold(wait, later));
  }
}
