package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Opens connections to one node, to the node that a Sentinel names, or to a cluster. */
interface RedisClients {

  /**
   * A connection that was opened; it reconnects by itself.
   *
   * @param info queries {@code INFO memory} and {@code INFO stats} of each primary; never blocks
   */
  record ClientConnection(
      StatefulConnection<String, String> connection,
      Supplier<List<CompletionStage<String>>> info) {}

  /** A node's {@code INFO memory} and {@code INFO stats}; before Redis 7 one section at a time. */
  static CompletionStage<String> info(StatefulRedisConnection<String, String> node) {
    return node.async()
        .info("memory")
        .thenCombine(node.async().info("stats"), (memory, stats) -> memory + "\r\n" + stats);
  }

  /** Tries once to connect; never blocks. */
  CompletionStage<ClientConnection> connect();

  /**
   * The client, which notifies its listeners of every connection and reconnection to every node.
   */
  AbstractRedisClient client();
}
