package io.ratelimiter.service.limiter;

/** Lets several checks travel to the store together. */
@FunctionalInterface
public interface Pipelining {

  /**
   * Runs this asking at once, on this thread. What it sends to the store leaves in one flush when
   * it returns; on a cluster each check leaves by itself. The asking must not wait for an answer:
   * none comes before.
   */
  void pipeline(Runnable asking);
}
