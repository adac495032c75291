package io.ratelimiter.service.limiter.redis.connection;

/** Records what happens on the connections. Called on the event loops; must not block. */
public interface ConnectionMetrics {

  /** An event loop ran this late while commands were pending, nanoseconds. */
  void loopLag(long nanos);

  /** A reply was refused for this reason and its connection closed. */
  void refusedReply(String reason);
}
