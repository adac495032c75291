package io.ratelimiter.service.api;

import io.ratelimiter.service.api.access.Guard;
import io.ratelimiter.service.api.endpoints.Endpoint;
import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.HeadValidation;
import io.ratelimiter.service.api.http.RequestHead;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Admits requests for the {@link BlockingHandler} by their head, and bounds their bodies.
 *
 * @param path normalized
 */
record DelegatedEndpoint(String path, Guard guard) implements Endpoint {

  /** A rule with the largest metadata takes less than 20 KiB. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public void admit(RequestHead head) {
    guard.admit(path, head);
    HeadValidation.admitLength(head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return CompletableFuture.failedStage(
        new IllegalStateException("the blocking handler answers this path"));
  }
}
