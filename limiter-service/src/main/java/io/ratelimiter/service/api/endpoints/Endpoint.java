package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.RequestHead;
import java.util.concurrent.CompletionStage;

/** Answers the requests of one path, independently of any server. */
public interface Endpoint {

  /** {@link #maxBodyBytes} of an endpoint that ignores the body. */
  int IGNORED = -1;

  /** Max size of the body, bytes; or {@link #IGNORED}. */
  default int maxBodyBytes() {
    return IGNORED;
  }

  /**
   * Validates the head, before any of the body is read.
   *
   * @throws ProblemException when the head is invalid
   */
  void admit(RequestHead head);

  /**
   * Answers the request. Never blocks; completes on the store's event loop, a timer, or at once.
   *
   * @param body complete
   * @throws ProblemException when the request is invalid
   */
  CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body);
}
