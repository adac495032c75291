package io.ratelimiter.service.limiter;

/** Sends several checks to the store together. */
@FunctionalInterface
public interface Pipelining {

  /**
   * Runs {@code checks} at once, on this thread. The commands that it sends are flushed together
   * when it returns; on a cluster each is flushed by itself. It must not wait for an answer: none
   * arrives before the flush.
   */
  void pipeline(Runnable checks);
}
