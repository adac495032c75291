package io.ratelimiter.service.api;

import java.util.concurrent.CompletionStage;

/** Something that callers ask, free of any server. */
public interface Endpoint {

  /** {@link #maxBodyBytes} of an endpoint that looks at no body: any is thrown away. */
  int IGNORED = -1;

  /** Largest body that is read, bytes; or {@link #IGNORED}. */
  int maxBodyBytes();

  /**
   * Looks at the head, before any of the body is read.
   *
   * @throws ProblemException when the head alone is wrong
   */
  void admit(RequestHead head);

  /**
   * Answers. Never blocks; completes on the store's event loop or a timer, or at once.
   *
   * @param body whole
   * @throws ProblemException when the request is wrong
   */
  CompletionStage<Answer> answer(RequestHead head, String correlationId, byte[] body);
}
