package io.ratelimiter.service.api.servlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.tomcat.util.net.NioEndpoint;

/**
 * Closes its port so that nobody is lost who has connected: Tomcat itself resets what waits in the
 * kernel's queue, and what it accepts last. The accepting thread empties the queue, closes, and
 * then waits for the end.
 */
final class ClosingEndpoint extends NioEndpoint {

  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean closing;

  /** Returns once the port is closed, or when the time is up; what was accepted is served on. */
  void closePort(long limitMillis) throws IOException, InterruptedException {
    int port = getLocalPort();
    closing = true;
    if (port > 0) {
      // Wakes the accepting thread, which waits for somebody to connect.
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      var _ = closed.await(limitMillis, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  protected SocketChannel serverSocketAccept() throws Exception {
    if (!closing || !(getServerSocket() instanceof ServerSocketChannel port)) {
      return super.serverSocketAccept();
    }
    if (port.isOpen()) {
      port.configureBlocking(false);
      SocketChannel waiting = port.accept();
      if (waiting != null) {
        return waiting;
      }
      port.close();
      closed.countDown();
    }
    while (isRunning()) {
      LockSupport.parkNanos(GLANCE_NANOS);
    }
    throw new ClosedChannelException();
  }

  /** Nobody waits in a port that is closed. */
  @Override
  protected void unlockAccept() {
    if (!closing) {
      super.unlockAccept();
    }
  }
}
