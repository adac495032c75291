package io.ratelimiter.service.api.eventloop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections on a thread of its own, as many at once as there may be. When there are so
 * many, it asks for one to be shed, and more wait in the kernel's queue.
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

  /** Gets the accepted connections. */
  interface Accepted {

    /**
     * Serves a connection; never blocks.
     *
     * @param ended to be called once, when the connection has ended
     */
    void serve(SocketChannel connection, Runnable ended);
  }

  private final ServerSocketChannel port;
  private final InetSocketAddress address;
  private final int max;
  private final Semaphore free;
  private final Accepted accepted;
  private final Runnable shed;
  private final Thread thread = Thread.ofPlatform().name("accept").daemon().unstarted(this::run);
  private volatile boolean closing;

  private Acceptor(ServerSocketChannel port, int max, Accepted accepted, Runnable shed)
      throws IOException {
    this.port = port;
    this.address = (InetSocketAddress) port.getLocalAddress();
    this.max = max;
    this.free = new Semaphore(max);
    this.accepted = accepted;
    this.shed = shed;
  }

  /**
   * Listens from here on.
   *
   * @param max connections at once
   * @param shed called when there are so many and another one comes
   */
  static Acceptor listen(InetSocketAddress at, int max, Accepted accepted, Runnable shed)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(at, QUEUE);
      Acceptor acceptor = new Acceptor(channel, max, accepted, shed);
      acceptor.thread.start();
      return acceptor;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  /** Accepted connections that have not ended. */
  int open() {
    return max - free.availablePermits();
  }

  private void run() {
    while (!closing) {
      try {
        accept(port.accept());
      } catch (IOException | RuntimeException e) {
        pauseAfter(e);
      }
    }
    try {
      emptyAndClose();
    } catch (IOException e) {
      log.warn("The port could not be closed in order", e);
    }
  }

  /** No file descriptor is left, say: that passes, and trying at once would only spin. */
  private static void pauseAfter(Exception failure) {
    log.warn("A connection could not be accepted", failure);
    try {
      TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
    } catch (InterruptedException e) {
      log.debug("Accepting goes on", e);
    }
  }

  private void accept(SocketChannel connection) throws IOException {
    Runnable ended = placeTaken() ? free::release : () -> {};
    try {
      accepted.serve(connection, ended);
    } catch (RuntimeException e) {
      ended.run();
      connection.close();
      throw e;
    }
  }

  /** Waits for a place; a port that closes takes what has connected beyond its bound. */
  private boolean placeTaken() {
    boolean taken = free.tryAcquire();
    while (!taken && !closing) {
      shed.run();
      try {
        taken = free.tryAcquire(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        log.debug("Accepting goes on", e);
      }
    }
    return taken;
  }

  private void emptyAndClose() throws IOException {
    try (port) {
      port.configureBlocking(false);
      for (SocketChannel next = port.accept(); next != null; next = port.accept()) {
        accept(next);
      }
    }
  }

  /** Takes what has connected, and closes the port; blocks until that is done. */
  void close() throws IOException, InterruptedException {
    closing = true;
    // Wakes the thread that waits for a connection.
    InetAddress own = address.getAddress();
    InetAddress reachable = own.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : own;
    new Socket(reachable, address.getPort()).close();
    thread.join();
  }
}
