package io.ratelimiter.service.api;

import io.ratelimiter.service.api.http.AnswerStream;
import io.ratelimiter.service.api.http.CompleteRequest;

/**
 * Answers requests with code that may block, away from the event loops. A request arrives complete
 * and well-formed, so its thread never waits for the caller's bytes.
 */
public interface BlockingHandler {

  /**
   * Accepts a request and answers it from another thread. Never blocks.
   *
   * @param answer is ended or aborted exactly once if the request is accepted
   * @return false when too many requests are in progress: this one is not accepted
   */
  boolean accept(CompleteRequest request, AnswerStream answer);
}
