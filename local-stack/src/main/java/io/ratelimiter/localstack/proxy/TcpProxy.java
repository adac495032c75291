package io.ratelimiter.localstack.proxy;

import io.ratelimiter.localstack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy between a client and a server on this machine that simulates network faults. It
 * passes every byte until a fault is set; a fault applies to open and new connections until {@link
 * #resume}. Methods do not block. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final int targetPort;
  private final NetworkConditions network = new NetworkConditions();
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

  private TcpProxy(ServerSocket listener, int targetPort) {
    this.listener = listener;
    this.targetPort = targetPort;
  }

  /** Listens on a free port of localhost and forwards to this port of localhost. */
  public static TcpProxy to(int targetPort) {
    return listening(Ports.free(), targetPort);
  }

  /** Listens on the given port of localhost and forwards to the target port of localhost. */
  public static TcpProxy listening(int port, int targetPort) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      TcpProxy proxy = new TcpProxy(listener, targetPort);
      Thread.ofVirtual().name("proxy-" + port).start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("no proxy on port " + port, e);
    }
  }

  /** The port of localhost that the proxy listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Number of open connections. */
  public int connections() {
    return connections.size();
  }

  /** Delays every reply by this time; the gaps between replies stay as they are. */
  public void delayReplies(Duration delay) {
    delayReplies(delay, delay, 0);
  }

  /** Delays each reply by a random time from min to max; replies stay in order. */
  public void delayReplies(Duration min, Duration max, long seed) {
    network.delayReplies(min.toNanos(), max.toNanos(), seed);
  }

  /** Limits replies to this many bytes per second and connection. */
  public void limitReplies(long bytesPerSecond) {
    network.limitReplies(bytesPerSecond);
  }

  /** Delays all bytes in both directions; they arrive after {@link #resume}. */
  public void stall() {
    network.change(NetworkConditions.State.STALLED);
  }

  /**
   * Discards all bytes in both directions while connections stay open. {@link #resume} resets the
   * connections that lost bytes.
   */
  public void blackhole() {
    network.change(NetworkConditions.State.BLACKHOLE);
  }

  /** Resets every open connection, and each new one at once. */
  public void cut() {
    network.change(NetworkConditions.State.CUT);
    connections.forEach(ProxiedConnection::reset);
  }

  /**
   * Passes this many more reply bytes, counted over all connections, then resets the connection
   * that reached the limit, once.
   */
  public void cutReplyAfter(long bytes) {
    network.cutReplyAfter(bytes);
  }

  /** Resets one of the connections. */
  public void cutOne() {
    connections.stream().findFirst().ifPresent(ProxiedConnection::reset);
  }

  /** Discards all further bytes of one open connection, for good. */
  public void silenceOne() {
    connections.stream().findFirst().ifPresent(ProxiedConnection::silence);
  }

  /** Stops listening; open connections continue. */
  public void refuseNew() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes all faults; connections that lost bytes are reset. */
  public void resume() {
    network.clear();
    connections.stream().filter(ProxiedConnection::lostSomething).forEach(ProxiedConnection::reset);
  }

  /** Stops listening and resets every connection. */
  @Override
  public void close() {
    refuseNew();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    ProxiedConnection connection = new ProxiedConnection(client, server, network, connections);
    connections.add(connection);
    Thread.ofVirtual().start(() -> connection.run(targetPort));
  }
}
