package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.ratelimiter.service.limiter.redis.reply.ReplyBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the store on each event loop. A caller on a loop uses that loop's connection, so
 * that its command is written and its reply read on the caller's thread; other callers use any.
 */
public final class LoopConnections implements AutoCloseable {

  private static final Duration RECONNECT_AFTER = Duration.ofMillis(250);

  /** Commands that are written while a loop processes what it read are flushed together. */
  private static final int MAX_COMMANDS_PER_FLUSH = 256;

  /** Lettuce's own tick is 100 ms, with which a timeout of 50 ms would take up to 150 ms. */
  private static final Duration TIMER_TICK = Duration.ofMillis(5);

  private final Timer timer =
      new HashedWheelTimer(
          new DefaultThreadFactory("redis-timer", true),
          TIMER_TICK.toMillis(),
          TimeUnit.MILLISECONDS);
  private final DnsAddressResolverGroup names = StoreNames.ofThisMachine();
  private final ClientResources shared =
      ClientResources.builder()
          .timer(timer)
          .addressResolverGroup(names)
          .reconnectDelay(Delay.constant(RECONNECT_AFTER))
          .build();
  private final List<RedisConnection> connections = new ArrayList<>();

  /**
   * Connections that are not opened yet.
   *
   * @param scripts the texts of the scripts to load on each connection
   * @param onConnected notified whenever one is opened; must not block
   */
  public LoopConnections(
      RedisProperties properties,
      List<String> scripts,
      EventLoopGroup loops,
      ConnectionMetrics metrics,
      Runnable onConnected) {
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      LoopState state =
          new LoopState(
              loop,
              new Deadlines(loop, properties.timeout(), System::nanoTime, metrics::loopLag),
              new DefaultChannelGroup(loop));
      ClientResources resources =
          shared
              .mutate()
              .eventLoopGroupProvider(new SharedEventLoopProvider(loop))
              .nettyCustomizer(new BoundedReplies(state.channels(), metrics::refusedReply))
              .build();
      connections.add(new RedisConnection(properties, scripts, resources, state, onConnected));
    }
  }

  private record BoundedReplies(ChannelGroup channels, Consumer<String> refused)
      implements NettyCustomizer {
    @Override
    public void afterChannelInitialized(Channel channel) {
      channels.add(channel);
      channel
          .pipeline()
          .addFirst(new FlushConsolidationHandler(MAX_COMMANDS_PER_FLUSH, true))
          .addBefore(
              channel.pipeline().context(CommandHandler.class).name(),
              "reply-bounds",
              new ReplyBounds(refused));
    }
  }

  /** Starts to connect; does not wait. */
  public void start() {
    connections.forEach(RedisConnection::start);
  }

  /**
   * The connection of the caller's loop, or another loop's while that one is not connected. Null
   * until the first was opened.
   */
  public @Nullable MonitoredConnection current() {
    int own = own();
    for (int i = 0; i < connections.size(); i++) {
      MonitoredConnection connection = connections.get((own + i) % connections.size()).current();
      if (connection != null && connection.open()) {
        return connection;
      }
    }
    return connections.get(own).current();
  }

  private int own() {
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).isOnThisThread()) {
        return i;
      }
    }
    return (int) (Thread.currentThread().threadId() % connections.size());
  }

  /** Tries once to replace each connection by a new one; does not wait. */
  public void replace() {
    connections.forEach(RedisConnection::replace);
  }

  /** Whether all of them are connected. */
  public boolean connected() {
    return connections.stream().allMatch(RedisConnection::connected);
  }

  @Override
  public void close() {
    // Connections first: to close, each client needs threads that all resources share.
    connections.forEach(RedisConnection::close);
    connections.forEach(each -> shutDown(each.resources()));
    shutDown(shared);
    names.close();
    var _ = timer.stop();
  }

  private static void shutDown(ClientResources resources) {
    var _ = resources.shutdown(0, 2, TimeUnit.SECONDS);
  }
}
