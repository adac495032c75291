package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How connections are made: to one node, to whichever node a Sentinel names, or to a cluster. */
interface RedisClients extends AutoCloseable {

  /**
   * A connection that was made once; it reconnects by itself.
   *
   * @param open whether it is connected now
   * @param close ends it without waiting
   * @param info asks each primary for its {@code INFO} on memory and statistics; never blocks
   */
  record Link(
      StatefulConnection<String, String> connection,
      BooleanSupplier open,
      Runnable close,
      Supplier<List<CompletionStage<String>>> info) {}

  /** A node's {@code INFO} on memory and statistics; before Redis 7 one section at a time. */
  static CompletionStage<String> info(StatefulRedisConnection<String, String> node) {
    return node.async()
        .info("memory")
        .thenCombine(node.async().info("stats"), (memory, stats) -> memory + "\r\n" + stats);
  }

  /** Tries once; never blocks. */
  CompletionStage<Link> connect();

  /** Registers a listener for every connection and reconnection to every node. */
  void onConnected(RedisConnectionStateListener listener);

  @Override
  void close();
}
