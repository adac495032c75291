package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.service.api.access.Guard;
import io.ratelimiter.service.api.codec.AdjustmentAnswers;
import io.ratelimiter.service.api.codec.CheckReader;
import io.ratelimiter.service.api.codec.Refund;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.RequestHead;
import io.ratelimiter.service.check.Adjustments;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/admin/refunds}: returns units to the limits. */
public final class RefundEndpoint implements Endpoint {

  private static final int MAX_BODY_BYTES = 8 * 1024;

  private final Guard guard;
  private final Adjustments adjustments;
  private final CheckReader reader = new CheckReader();
  private final AdjustmentAnswers answers = new AdjustmentAnswers();

  public RefundEndpoint(Guard guard, Adjustments adjustments) {
    this.guard = guard;
    this.adjustments = adjustments;
  }

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public void admit(RequestHead head) {
    guard.admitAdmin(head);
    HeadValidation.admitJson(head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    Refund refund = reader.refund(body);
    return adjustments
        .refund(refund.check(), correlationId, refund.id())
        .thenApply(answers::render);
  }
}
