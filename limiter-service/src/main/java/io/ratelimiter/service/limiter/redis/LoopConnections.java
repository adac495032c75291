package io.ratelimiter.service.limiter.redis;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the store on each event loop. A caller who is on a loop asks over that loop's
 * own, so that its command is written and its reply read on the caller's thread; whoever comes from
 * elsewhere uses any.
 */
final class LoopConnections implements AutoCloseable {

  private static final Duration RECONNECT_AFTER = Duration.ofMillis(250);

  /** Commands that are written while a loop works through what it read leave with one flush. */
  private static final int MAX_COMMANDS_PER_FLUSH = 256;

  /** By itself Lettuce looks ten times a second for what has timed out: 50 ms would be 150. */
  private static final Duration TIMER_TICK = Duration.ofMillis(5);

  private record OnLoop(EventLoop loop, ClientResources resources, RedisConnection connection) {}

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
  private final List<OnLoop> lanes = new ArrayList<>();

  /**
   * Connections that are not opened yet.
   *
   * @param onConnected notified whenever one is opened; must not block
   */
  LoopConnections(
      RedisProperties properties,
      Scripts scripts,
      EventLoopGroup loops,
      RedisMetrics metrics,
      Runnable onConnected) {
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      Lane lane =
          new Lane(
              new Deadlines(loop, properties.timeout(), System::nanoTime, metrics::loopLag),
              new DefaultChannelGroup(loop));
      ClientResources resources =
          shared
              .mutate()
              .eventLoopGroupProvider(new LentEventLoop(loop))
              .nettyCustomizer(new Guarded(lane.channels(), metrics::refusedReply))
              .build();
      lanes.add(
          new OnLoop(
              loop,
              resources,
              new RedisConnection(properties, scripts, resources, lane, onConnected)));
    }
  }

  private record Guarded(ChannelGroup channels, Consumer<String> refused)
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

  /** Begins to connect; does not wait. */
  void start() {
    lanes.forEach(lane -> lane.connection().start());
  }

  /**
   * The caller's connection; another loop's while that is not connected. Null before any was first
   * made.
   */
  @Nullable UsedLink current() {
    int own = own();
    UsedLink link = lanes.get(own).connection().current();
    return link != null && link.open() ? link : instead(own, link);
  }

  private int own() {
    for (int i = 0; i < lanes.size(); i++) {
      if (lanes.get(i).loop().inEventLoop()) {
        return i;
      }
    }
    return (int) (Thread.currentThread().threadId() % lanes.size());
  }

  private @Nullable UsedLink instead(int own, @Nullable UsedLink disconnected) {
    for (int i = 1; i < lanes.size(); i++) {
      UsedLink link = lanes.get((own + i) % lanes.size()).connection().current();
      if (link != null && link.open()) {
        return link;
      }
    }
    return disconnected;
  }

  /** Tries once to make others in place of the present ones. */
  void replace() {
    lanes.forEach(lane -> lane.connection().replace());
  }

  /** Whether all of them are connected. */
  boolean connected() {
    for (OnLoop lane : lanes) {
      if (!lane.connection().connected()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    // Resources last, and all of them: made of one another, they share threads that every client
    // needs for its end.
    lanes.forEach(lane -> lane.connection().close());
    lanes.forEach(lane -> end(lane.resources()));
    end(shared);
    names.close();
    var _ = timer.stop();
  }

  private static void end(ClientResources resources) {
    var _ = resources.shutdown(0, 2, TimeUnit.SECONDS);
  }
}
