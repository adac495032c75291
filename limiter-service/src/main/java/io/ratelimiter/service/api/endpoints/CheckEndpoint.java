package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.api.codec.CheckReader;
import io.ratelimiter.service.api.codec.CheckWriter;
import io.ratelimiter.service.api.codec.DecisionAnswers;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Decision;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/check}: decides one check. */
public final class CheckEndpoint implements Endpoint {

  private static final int MAX_BODY_BYTES = 8 * 1024;

  private final Checks checks;
  private final int blockedStatus;
  private final CheckReader reader = new CheckReader();
  private final JsonBytes json = new JsonBytes();
  private final DecisionAnswers answers;

  /**
   * Creates the endpoint.
   *
   * @param blockedStatus HTTP status of a blocked check
   */
  public CheckEndpoint(Checks checks, int blockedStatus, ProblemWriter problems) {
    this.checks = checks;
    this.blockedStatus = blockedStatus;
    this.answers = new DecisionAnswers(problems);
  }

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public void admit(RequestHead head) {
    HeadValidation.admitJson(head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return checks.check(reader.check(body), correlationId).thenApply(this::render);
  }

  private Answer render(CheckResult answer) {
    int status = answer.decision() instanceof Decision.Blocked ? blockedStatus : 200;
    return answers.render(
        answer, status, Answer.JSON, () -> json.write(out -> CheckWriter.writeAnswer(out, answer)));
  }
}
