package io.ratelimiter.service.limiter;

/** Whether the store evicts keys. Reading it never blocks and sends no command. */
@FunctionalInterface
public interface EvictionStatus {

  /** The state as of the last query, at most about a minute old while the store is connected. */
  Eviction eviction();
}
