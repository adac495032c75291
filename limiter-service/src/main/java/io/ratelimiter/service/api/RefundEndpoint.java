package io.ratelimiter.service.api;

import io.ratelimiter.service.check.Adjustments;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/admin/refunds}: gives units back. */
public final class RefundEndpoint implements Endpoint {

  private static final int MAX_BODY_BYTES = 8 * 1024;

  private final AdminToken token;
  private final Adjustments adjustments;
  private final CheckReader reader = new CheckReader();
  private final AdjustmentAnswers answers = new AdjustmentAnswers();

  public RefundEndpoint(AdminToken token, Adjustments adjustments) {
    this.token = token;
    this.adjustments = adjustments;
  }

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public void admit(RequestHead head) {
    token.admit(head);
    Heads.admitJson(head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    Refund refund = reader.refund(body);
    return adjustments
        .refund(refund.check(), correlationId, refund.id())
        .thenApply(answers::render);
  }
}
