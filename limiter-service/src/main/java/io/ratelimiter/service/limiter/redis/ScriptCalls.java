package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.service.limiter.StoreUnavailableException;

/** Listens for script calls, for metrics. Called on the store's event loop; must not block. */
@FunctionalInterface
interface ScriptCalls {

  /** A call failed; notified before its caller is. */
  void failed(Script script, StoreUnavailableException failure);

  /** A call that was sent has ended, well or badly, after so long. */
  default void ended(Script script, long nanos) {
    // Who only wants to know failures need not say so.
  }
}
