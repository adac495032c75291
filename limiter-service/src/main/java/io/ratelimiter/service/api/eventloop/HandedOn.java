package io.ratelimiter.service.api.eventloop;

import io.ratelimiter.service.api.Answer;
import io.ratelimiter.service.api.Endpoint;
import io.ratelimiter.service.api.Guard;
import io.ratelimiter.service.api.RequestHead;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands at every path that is handed on: admits what may be, and bounds its body.
 *
 * @param path normalized
 */
record HandedOn(String path, Guard guard) implements Endpoint {

  /** A rule with the largest metadata is below 20 KiB. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  @Override
  public int maxBodyBytes() {
    return MAX_BODY_BYTES;
  }

  @Override
  public void admit(RequestHead head) {
    guard.admit(path, head, MAX_BODY_BYTES);
  }

  @Override
  public CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body) {
    return CompletableFuture.failedStage(new IllegalStateException("it is handed on"));
  }
}
