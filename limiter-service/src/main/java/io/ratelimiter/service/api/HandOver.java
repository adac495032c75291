package io.ratelimiter.service.api;

/**
 * Answers what the event loops do not answer themselves, with code that may block. The request is
 * complete and well-formed, so no thread here ever waits for a caller's bytes.
 */
public interface HandOver {

  /**
   * Takes a request and answers it from another thread. Never blocks.
   *
   * @param answer is ended or aborted exactly once, if the request is taken
   * @return false when too many requests are being answered already: then this one is not taken
   */
  boolean take(CompleteRequest request, AnswerStream answer);
}
