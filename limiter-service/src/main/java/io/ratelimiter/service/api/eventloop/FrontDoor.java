package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Where callers come in. Serves the check path on the event loops that talk to the store: a
 * caller's request is read, the store asked, its reply read and the answer written by one thread,
 * and what was read together is asked with one flush. Everything else is read whole here and handed
 * on.
 */
public final class FrontDoor implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);

  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  private final FrontDoorProperties properties;
  private final Routes all;
  private final Routes checks;
  private final Sharing sharing;
  private final EventLoopGroup loops;
  private final Capacity capacity = Capacity.of(Runtime.getRuntime().maxMemory());
  private volatile List<LoopCallers> callers = List.of();
  private volatile @Nullable Acceptor port;
  private volatile @Nullable Acceptor checkPort;

  /**
   * A door that is closed.
   *
   * @param all what is at the port of everything
   * @param checks what is at the port of checks
   */
  FrontDoor(
      FrontDoorProperties properties,
      Routes all,
      Routes checks,
      Sharing sharing,
      EventLoopGroup loops) {
    this.properties = properties;
    this.all = all;
    this.checks = checks;
    this.sharing = sharing;
    this.loops = loops;
  }

  /** Listens from here on. */
  @Override
  public void start() {
    List<EventLoop> all = new ArrayList<>();
    for (EventExecutor executor : loops) {
      all.add((EventLoop) executor);
    }
    int incomplete = Math.max(1, capacity.incompleteRequests() / all.size());
    callers =
        all.stream()
            .map(loop -> new LoopCallers(loop, properties.idleTimeout(), incomplete))
            .toList();
    port = listen("PORT", properties.port(), this.all);
    if (properties.checkPort() != 0) {
      checkPort = listen("CHECK_PORT", properties.checkPort(), checks);
    }
  }

  private Acceptor listen(String variable, int number, Routes routes) {
    InetSocketAddress at = new InetSocketAddress(properties.address(), number);
    int max = Math.min(properties.maxConnections(), capacity.connections());
    try {
      Acceptor acceptor = Acceptor.listen(at, max, new Serving(routes), this::shedOldest);
      log.info(
          "Listening on port {} ({}), at most {} connections",
          acceptor.address().getPort(),
          variable,
          max);
      return acceptor;
    } catch (IOException e) {
      throw new IllegalStateException(
          "port %d (%s) cannot be listened on: %s".formatted(number, variable, e.getMessage()), e);
    }
  }

  private void shedOldest() {
    callers.forEach(LoopCallers::shedOldest);
  }

  private final class Serving implements Acceptor.Accepted {

    private final Routes routes;

    Serving(Routes routes) {
      this.routes = routes;
    }

    @Override
    public void serve(SocketChannel accepted, Runnable ended) {
      NioSocketChannel channel = new NioSocketChannel(accepted);
      channel.config().setOption(ChannelOption.TCP_NODELAY, true);
      // A caller that has sent all that it will is answered all the same.
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      channel.pipeline().addLast(new Pipeline(routes));
      channel.closeFuture().addListener(_ -> ended.run());
      var _ = loops.register(channel);
    }
  }

  private final class Pipeline extends ChannelInitializer<Channel> {

    private final Routes routes;

    Pipeline(Routes routes) {
      this.routes = routes;
    }

    @Override
    protected void initChannel(Channel channel) {
      AnswerEncoder encoder = new AnswerEncoder();
      LoopCallers here = callersOn(channel.eventLoop());
      channel
          .pipeline()
          .addLast(new StrictRequestDecoder())
          .addLast(encoder)
          .addLast(new CallerConnection(sharing, routes, here, channel, encoder));
    }
  }

  private LoopCallers callersOn(EventLoop loop) {
    for (LoopCallers candidate : callers) {
      if (candidate.loop().equals(loop)) {
        return candidate;
      }
    }
    throw new IllegalStateException("a connection on a foreign event loop");
  }

  /**
   * Closes the ports and what is idle, and lets the others be answered; blocks until they are, 10 s
   * at most.
   */
  @Override
  public void stop() {
    List<Acceptor> open = new ArrayList<>();
    for (Acceptor one : new Acceptor[] {port, checkPort}) {
      if (one != null) {
        open.add(one);
      }
    }
    try {
      for (Acceptor one : open) {
        one.close();
      }
      callers.forEach(LoopCallers::closeIdle);
      awaitClosed(open);
    } catch (IOException e) {
      log.warn("The port could not be closed in order", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    callers.forEach(LoopCallers::closeAll);
    port = null;
    checkPort = null;
  }

  private static void awaitClosed(List<Acceptor> ports) throws InterruptedException {
    long endNanos = System.nanoTime() + LONGEST_STOP.toNanos();
    while (ports.stream().anyMatch(one -> one.open() > 0) && System.nanoTime() < endNanos) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Override
  public boolean isRunning() {
    return port != null;
  }

  /** After the servlet container behind it has started, and stopped before that stops. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 512;
  }

  /** Where everything is served; null while it does not listen. */
  public @Nullable InetSocketAddress address() {
    return addressOf(port);
  }

  /** Where checks alone are served; null while it does not listen. */
  public @Nullable InetSocketAddress checkAddress() {
    return addressOf(checkPort);
  }

  private static @Nullable InetSocketAddress addressOf(@Nullable Acceptor acceptor) {
    return acceptor == null ? null : acceptor.address();
  }
}
