package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.List;

/** Connections of tests, without event loops of their own. */
public final class TestConnections {

  private TestConnections() {}

  /** Monitors a connection that the test opened. */
  public static MonitoredConnection monitored(
      StatefulRedisConnection<String, String> connection, Duration timeout) {
    EventExecutor loop = GlobalEventExecutor.INSTANCE;
    return new MonitoredConnection(
        new RedisClients.ClientConnection(connection, List::of),
        new LoopState(
            loop,
            new Deadlines(loop, timeout, System::nanoTime, _ -> {}),
            new DefaultChannelGroup(loop)),
        _ -> {});
  }
}
