package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.schemas.json.JsonBytes;
import io.ratelimiter.service.api.codec.CheckFields;
import io.ratelimiter.service.api.codec.CheckReader;
import io.ratelimiter.service.api.codec.CheckWriter;
import io.ratelimiter.service.api.codec.DecisionAnswers;
import io.ratelimiter.service.api.codec.FieldGrammar;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.http.ProblemWriter;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.check.Checks;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

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
    CheckFields fields = reader.check(body);
    Check check = fields.check();
    if (!checks.acceptsMaxWait(check)) {
      throw ProblemException.invalid(FieldGrammar.NO_BUCKET);
    }
    return checks
        .check(check, correlationId)
        .thenApply(fields.hold() ? this::renderHeld : this::render);
  }

  private Answer renderHeld(CheckResult result) {
    return DecisionAnswers.held(
        result,
        render(result),
        heldMicros ->
            render(result, heldMicros, out -> CheckWriter.writeHeld(out, result, heldMicros)));
  }

  private Answer render(CheckResult result) {
    return render(result, 0, out -> CheckWriter.writeAnswer(out, result));
  }

  private Answer render(CheckResult result, long heldMicros, Consumer<JsonGenerator> members) {
    int status = result.decision() instanceof Decision.Blocked ? blockedStatus : 200;
    return answers.render(result, heldMicros, status, Answer.JSON, () -> json.write(members));
  }
}
