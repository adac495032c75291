package io.ratelimiter.service.api;

import io.ratelimiter.service.check.CheckAnswer;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Decision;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/check}. */
public final class CheckEndpoint implements Endpoint {

  private static final int MAX_BODY_BYTES = 8 * 1024;

  private final Checks checks;
  private final int blockedStatus;
  private final CheckReader reader = new CheckReader();
  private final JsonBytes json = new JsonBytes();
  private final ProblemWriter problems;

  /**
   * The endpoint.
   *
   * @param blockedStatus HTTP status of a blocked check
   */
  public CheckEndpoint(Checks checks, int blockedStatus, ProblemWriter problems) {
    this.checks = checks;
    this.blockedStatus = blockedStatus;
    this.problems = problems;
  }

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public void admit(RequestHead head) {
    JsonHead.admit(head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return checks.check(reader.check(body), correlationId).thenApply(this::render);
  }

  private Answer render(CheckAnswer answer) {
    List<Header> headers = RateLimitHeaders.of(answer.decision());
    return switch (answer.decision()) {
      case Decision.Allowed _ -> decided(200, headers, answer);
      case Decision.Blocked _ -> decided(blockedStatus, headers, answer);
      case Decision.FailedClosed failed ->
          problems.failedClosed(
              new Problem(
                  503,
                  "the store does not answer, and the rule fails closed",
                  "store_unavailable",
                  headers),
              answer,
              CheckWriter.millis(failed.retryAfterMicros()));
    };
  }

  private Answer decided(int status, List<Header> headers, CheckAnswer answer) {
    headers.add(new Header(CorrelationIds.HEADER, answer.correlationId()));
    return Answer.json(status, headers, json.write(out -> CheckWriter.write(out, answer)));
  }
}
