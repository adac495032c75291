package io.ratelimiter.service.api.eventloop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
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
 * Serves the check path on the event loops that talk to the store: a caller's request is read, the
 * store asked, its reply read and the answer written by one thread, and what was read together is
 * asked with one flush.
 */
public final class EventLoopEdge implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(EventLoopEdge.class);

  private static final int MAX_HEAD_BYTES = 8 * 1024;

  /** More than fit into what is read at once: {@link CallerConnection} stops reading meanwhile. */
  private static final int MAX_REQUESTS_OF_ONE_READ = 8_192;

  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  private final EventLoopProperties properties;
  private final Sharing sharing;
  private final EventLoopGroup loops;
  private volatile List<LoopCallers> callers = List.of();
  private volatile @Nullable Acceptor acceptor;

  EventLoopEdge(EventLoopProperties properties, Sharing sharing, EventLoopGroup loops) {
    this.properties = properties;
    this.sharing = sharing;
    this.loops = loops;
  }

  /** Listens from here on, unless it is off. */
  @Override
  public void start() {
    if (properties.port() == 0) {
      return;
    }
    List<LoopCallers> ofLoops = new ArrayList<>();
    for (EventExecutor executor : loops) {
      ofLoops.add(new LoopCallers((EventLoop) executor, properties.idleTimeout()));
    }
    callers = List.copyOf(ofLoops);
    try {
      InetSocketAddress address = new InetSocketAddress(properties.address(), properties.port());
      acceptor = Acceptor.listen(address, properties.maxConnections(), this::serve);
    } catch (IOException e) {
      throw new IllegalStateException(
          "port %d (CHECK_PORT) cannot be listened on".formatted(properties.port()), e);
    }
    log.info("Checks are served on port {} too", properties.port());
  }

  private void serve(SocketChannel accepted) {
    NioSocketChannel channel = new NioSocketChannel(accepted);
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    // Who has sent all that he will is answered all the same.
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.closeFuture().addListener(_ -> ended());
    channel.pipeline().addLast(new Pipeline());
    var _ = loops.register(channel);
  }

  private void ended() {
    Acceptor current = acceptor;
    if (current != null) {
      current.closed();
    }
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(
                  new HttpDecoderConfig()
                      .setMaxInitialLineLength(MAX_HEAD_BYTES)
                      .setMaxHeaderSize(MAX_HEAD_BYTES),
                  MAX_REQUESTS_OF_ONE_READ))
          .addLast(new CallerConnection(sharing, callersOn(channel.eventLoop()), channel));
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
   * Closes the port and what is idle, and lets the others be answered; blocks until they are, 10 s
   * at most.
   */
  @Override
  public void stop() {
    Acceptor port = acceptor;
    if (port == null) {
      return;
    }
    try {
      port.close();
      callers.forEach(LoopCallers::closeIdle);
      awaitClosed(port);
    } catch (IOException e) {
      log.warn("The port could not be closed in order", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    callers.forEach(LoopCallers::closeAll);
    acceptor = null;
  }

  private static void awaitClosed(Acceptor port) throws InterruptedException {
    long endNanos = System.nanoTime() + LONGEST_STOP.toNanos();
    while (port.open() > 0 && System.nanoTime() < endNanos) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Override
  public boolean isRunning() {
    return acceptor != null;
  }

  /** With the web server: after everything that it needs has started, before that stops. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 2048;
  }

  /** Where it listens; null while it does not. */
  public @Nullable InetSocketAddress address() throws IOException {
    Acceptor port = acceptor;
    return port == null ? null : port.address();
  }
}
