package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.service.api.access.Guard;
import io.ratelimiter.service.api.codec.AdjustmentAnswers;
import io.ratelimiter.service.api.codec.Query;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.Adjustments;
import java.util.concurrent.CompletionStage;

/** {@code DELETE /v1/admin/usage}: resets the counters of a client and limit key. */
public final class ResetEndpoint implements Endpoint {

  private final Guard guard;
  private final Adjustments adjustments;
  private final AdjustmentAnswers answers = new AdjustmentAnswers();

  public ResetEndpoint(Guard guard, Adjustments adjustments) {
    this.guard = guard;
    this.adjustments = adjustments;
  }

  @Override
  public void admit(RequestHead head) {
    guard.admitAdmin(head);
    HeadValidation.admit(head, "DELETE");
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return adjustments
        .reset(new Query(head.query()).subject(0), correlationId)
        .thenApply(answers::render);
  }
}
