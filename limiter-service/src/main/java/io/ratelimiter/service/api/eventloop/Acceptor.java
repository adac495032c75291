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
 * Accepts connections of one port on its own thread, up to a max number at once. At the max, each
 * event loop sheds its oldest connection with an incomplete request, if it has one, until a place
 * is free; new connections wait in the kernel's queue.
 *
 * <p>An event loop does not accept, because a port that is registered with a selector still accepts
 * connections for a while after it was closed, and then resets them: a proxy that has sent a
 * request on one cannot determine whether it was charged. Here the queue is emptied immediately
 * before the port is closed.
 */
final class Acceptor {

  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

  private static final int QUEUE = 1_024;
  private static final long PAUSE_MILLIS = 100;

  /** Serves the accepted connections. */
  interface Accepted {

    /**
     * Serves a connection; never blocks.
     *
     * @param ended must be called once, when the connection has ended
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
   * Opens the port and starts to accept.
   *
   * @param max number of open connections
   * @param shed called when that many are open and another one arrives
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
      log.warn("A port could not be closed cleanly", e);
    }
  }

  /** The cause, such as too many open files, is temporary; an immediate retry would only spin. */
  private static void pauseAfter(Exception failure) {
    log.warn("A connection could not be accepted", failure);
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      log.debug("Interrupted; accepting continues", e);
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

  /**
   * Waits for a free place; a port that is closing accepts the queued connections beyond the max.
   */
  private boolean placeTaken() {
    boolean taken = free.tryAcquire();
    while (!taken && !closing) {
      shed.run();
      try {
        taken = free.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        log.debug("Interrupted; accepting continues", e);
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

  /** Accepts all queued connections and closes the port; blocks until that is done. */
  void close() throws IOException, InterruptedException {
    closing = true;
    // Ends the wait of the thread in accept.
    InetAddress own = address.getAddress();
    InetAddress reachable = own.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : own;
    new Socket(reachable, address.getPort()).close();
    thread.join();
  }
}
