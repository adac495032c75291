package io.ratelimiter.service.limiter;

/** What is known of the store's eviction; reading it never blocks and asks nothing. */
@FunctionalInterface
public interface EvictionStatus {

  /** As of the last look, at most about a minute ago while the store is connected. */
  Eviction eviction();
}
