package io.ratelimiter.service.api.eventloop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections on a thread of its own, as many at once as there may be; more wait in the
 * kernel's queue.
 *
 * <p>Not by an event loop, because a port that is registered with a selector goes on taking
 * connections for a while after it was closed, and then resets them: a proxy that has sent a
 * request there cannot know whether it was charged. Here the queue is emptied and the port closed
 * in one breath.
 */
final class Acceptor {

  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

  private static final int QUEUE = 1_024;
  private static final long GLANCE_MILLIS = 100;

  private final ServerSocketChannel port;
  private final int most;
  private final Semaphore free;
  private final Consumer<SocketChannel> accepted;
  private final Thread thread =
      Thread.ofPlatform().name("event-loop-accept").daemon().unstarted(this::run);
  private volatile boolean closing;

  private Acceptor(ServerSocketChannel port, int most, Consumer<SocketChannel> accepted) {
    this.port = port;
    this.most = most;
    this.free = new Semaphore(most);
    this.accepted = accepted;
  }

  /**
   * Listens from here on.
   *
   * @param most connections at once
   * @param accepted gets each; {@link #closed} follows when it has ended
   */
  static Acceptor listen(InetSocketAddress address, int most, Consumer<SocketChannel> accepted)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(address, QUEUE);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    Acceptor acceptor = new Acceptor(channel, most, accepted);
    acceptor.thread.start();
    return acceptor;
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) port.getLocalAddress();
  }

  /** One of the accepted has ended. */
  void closed() {
    free.release();
  }

  /** Accepted connections that have not ended. */
  int open() {
    return most - free.availablePermits();
  }

  private void run() {
    try {
      while (!closing) {
        acceptOne();
      }
      emptyAndClose();
    } catch (IOException e) {
      log.error("No connection is accepted any more", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void acceptOne() throws InterruptedException {
    if (!free.tryAcquire(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
      return;
    }
    try {
      accepted.accept(port.accept());
    } catch (IOException e) {
      free.release();
      // No file descriptor is left, say: that passes, and trying at once would only spin.
      log.warn("A connection could not be accepted", e);
      TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
    }
  }

  private void emptyAndClose() throws IOException, InterruptedException {
    port.configureBlocking(false);
    SocketChannel waiting = port.accept();
    while (waiting != null) {
      free.acquire();
      accepted.accept(waiting);
      waiting = port.accept();
    }
    port.close();
  }

  /** Takes whoever has connected, and closes the port; blocks until that is done. */
  void close() throws IOException, InterruptedException {
    closing = true;
    // Wakes the thread that waits for a connection.
    InetAddress own = address().getAddress();
    InetAddress reachable = own.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : own;
    new Socket(reachable, address().getPort()).close();
    thread.join();
  }
}
