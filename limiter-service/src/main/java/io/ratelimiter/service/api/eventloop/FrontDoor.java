package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.ratelimiter.service.api.Routes;
import io.ratelimiter.service.api.eventloop.request.StrictRequestDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Listens for callers. Serves the check path on the event loops that also serve the store: one
 * thread reads a request, calls the store, reads its reply and writes the answer, and requests that
 * were read together go to the store in one flush. All other requests are read completely here and
 * delegated to the {@link io.ratelimiter.service.api.BlockingHandler}.
 */
public final class FrontDoor implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);

  private final FrontDoorProperties properties;
  private final Routes all;
  private final Routes checks;
  private final SharedParts shared;
  private final EventLoopGroup loops;
  private final Capacity capacity = Capacity.of(Runtime.getRuntime().maxMemory());
  private volatile List<LoopCallers> callers = List.of();
  private volatile @Nullable Acceptor port;
  private volatile @Nullable Acceptor checkPort;

  /**
   * Creates a front door that does not listen yet.
   *
   * @param all routes of the port of everything
   * @param checks routes of the port of checks
   */
  FrontDoor(Routes all, Routes checks, SharedParts shared, EventLoopGroup loops) {
    this.properties = shared.properties();
    this.all = all;
    this.checks = checks;
    this.shared = shared;
    this.loops = loops;
    shared.drain().onBegin(() -> callers.forEach(LoopCallers::releaseHeld));
  }

  /** Opens the ports. */
  @Override
  public void start() {
    List<EventLoop> eventLoops = new ArrayList<>();
    for (EventExecutor executor : loops) {
      eventLoops.add((EventLoop) executor);
    }
    int incomplete = Math.max(1, capacity.incompleteRequests() / eventLoops.size());
    callers =
        eventLoops.stream()
            .map(loop -> new LoopCallers(loop, properties.idleTimeout(), incomplete))
            .toList();
    port = listen("PORT", properties.port(), all);
    if (properties.checkPort() != 0) {
      checkPort = listen("CHECK_PORT", properties.checkPort(), checks);
    }
  }

  private Acceptor listen(String variable, int number, Routes routes) {
    InetSocketAddress at = new InetSocketAddress(properties.address(), number);
    int max = Math.min(properties.maxConnections(), capacity.connections());
    try {
      Acceptor acceptor =
          Acceptor.listen(
              at,
              max,
              (connection, ended) -> serve(routes, connection, ended),
              () -> callers.forEach(LoopCallers::shedOldest));
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

  private void serve(Routes routes, SocketChannel accepted, Runnable ended) {
    NioSocketChannel channel = new NioSocketChannel(accepted);
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    // A caller that has closed its sending direction still receives its answers.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel
        .pipeline()
        .addLast(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel registered) {
                AnswerEncoder encoder = new AnswerEncoder();
                LoopCallers here = callersOn(registered.eventLoop());
                registered
                    .pipeline()
                    .addLast(new StrictRequestDecoder())
                    .addLast(encoder)
                    .addLast(new CallerConnection(shared, routes, here, registered, encoder));
              }
            });
    channel.closeFuture().addListener(_ -> ended.run());
    var _ = loops.register(channel);
  }

  private LoopCallers callersOn(EventLoop loop) {
    for (LoopCallers candidate : callers) {
      if (candidate.loop().equals(loop)) {
        return candidate;
      }
    }
    throw new IllegalStateException("a connection on an unknown event loop");
  }

  /**
   * Closes the ports and idle connections, and blocks until the requests on the others are answered
   * or the stop timeout has elapsed; then closes those too.
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
      log.warn("A port could not be closed cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    callers.forEach(LoopCallers::closeAll);
    port = null;
    checkPort = null;
  }

  private void awaitClosed(List<Acceptor> ports) throws InterruptedException {
    long endNanos = System.nanoTime() + properties.stopTimeout().toNanos();
    while (ports.stream().anyMatch(one -> one.open() > 0) && System.nanoTime() < endNanos) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Override
  public boolean isRunning() {
    return port != null;
  }

  /** Starts after the servlet container behind it, and stops before it. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 512;
  }

  /** Address of the port of everything; null while it does not listen. */
  public @Nullable InetSocketAddress address() {
    return addressOf(port);
  }

  /** Address of the port of checks; null while it does not listen. */
  public @Nullable InetSocketAddress checkAddress() {
    return addressOf(checkPort);
  }

  private static @Nullable InetSocketAddress addressOf(@Nullable Acceptor acceptor) {
    return acceptor == null ? null : acceptor.address();
  }
}
