package io.ratelimiter.service.api.endpoints;

import io.ratelimiter.service.api.http.Answer;
import io.ratelimiter.service.api.http.RequestHead;
import java.util.concurrent.CompletionStage;

/** Answers the requests of one path, independently of any server. */
public interface Endpoint {

  /** Max size of the body, bytes; 0: the body is discarded and the answer made without it. */
  default int maxBodyBytes() {
    return 0;
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
