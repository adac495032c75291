package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.service.api.codec.AdjustmentAnswers;
import io.ratelimiter.service.api.codec.CheckReader;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.Problem;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.Adjustments;
import io.ratelimiter.service.limiter.SettleRequest;
import java.util.concurrent.CompletionStage;

/**
 * {@code POST /v1/settle}: replaces the estimated cost of a decision by its real cost. Needs no
 * admin token: it gives back at most what the caller's own check was charged.
 */
public final class SettleEndpoint implements Endpoint {

  private static final int MAX_BODY_BYTES = 8 * 1024;

  private final Adjustments adjustments;
  private final CheckReader reader = new CheckReader();
  private final AdjustmentAnswers answers = new AdjustmentAnswers();

  public SettleEndpoint(Adjustments adjustments) {
    this.adjustments = adjustments;
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
    SettleRequest request = reader.settlement(body);
    return adjustments
        .settle(request, correlationId)
        .thenApply(settled -> answers.render(settled.orElseThrow(() -> unknown(request))));
  }

  private static ProblemException unknown(SettleRequest request) {
    return new ProblemException(
        Problem.of(
            404,
            "decision_id %s is not known or its time to settle is over; its estimate stays charged"
                .formatted(request.decisionId())));
  }
}
