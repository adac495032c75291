package io.ratelimiter.service.api;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.check.CheckAnswer;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Decision;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/check}. */
public final class CheckEndpoint implements Endpoint {

  private static final int MAX_BODY_BYTES = 8 * 1024;

  private final Checks checks;
  private final int blockedStatus;
  private final CheckReader reader = new CheckReader();
  private final JsonBytes json = new JsonBytes();
  private final DecisionAnswers answers;

  /**
   * The endpoint.
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
    Heads.admitJson(head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return checks.check(reader.check(body), correlationId).thenApply(this::render);
  }

  private Answer render(CheckAnswer answer) {
    int status = answer.decision() instanceof Decision.Blocked ? blockedStatus : 200;
    byte[] body = json.write(out -> CheckWriter.writeAnswer(out, answer));
    return answers.render(answer, status, MediaTypes.JSON, body);
  }
}
