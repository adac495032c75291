package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** How connections are made: to one node, to whichever node a Sentinel names, or to a cluster. */
interface RedisClients extends AutoCloseable {

  /**
   * A connection that was made once; it reconnects by itself.
   *
   * @param open whether it is connected now
   * @param close ends it without waiting
   */
  record Link(
      StatefulConnection<String, String> connection, BooleanSupplier open, Runnable close) {}

  /** Tries once; never blocks. */
  CompletionStage<Link> connect();

  /** To be told of every connection, new or again, to every node. */
  void onConnected(RedisConnectionStateListener listener);

  @Override
  void close();
}
