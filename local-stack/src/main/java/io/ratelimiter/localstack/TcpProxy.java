package io.ratelimiter.localstack;

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
 * A bad network between a client and a server on this machine: passes every byte until told
 * otherwise, and what it is told holds for open and new connections from then on until {@link
 * #resume}. All methods return at once and may be called from any thread.
 */
public final class TcpProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final int targetPort;
  private final Network network = new Network();
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

  private TcpProxy(ServerSocket listener, int targetPort) {
    this.listener = listener;
    this.targetPort = targetPort;
  }

  /** Listens on a free port of localhost and connects each client to this port of localhost. */
  public static TcpProxy to(int targetPort) {
    return listening(Ports.free(), targetPort);
  }

  /** The same on a port of one's choice. */
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

  /** Where clients connect, on localhost. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many clients are connected. */
  public int connections() {
    return connections.size();
  }

  /** Every byte of a reply comes this much later; replies may still follow each other closely. */
  public void delayReplies(Duration delay) {
    delayReplies(delay, delay, 0);
  }

  /** As {@link #delayReplies(Duration)}, each time between the two, in order, from this seed. */
  public void delayReplies(Duration least, Duration most, long seed) {
    network.delayReplies(least.toNanos(), most.toNanos(), seed);
  }

  /** Replies come at this many bytes a second for each connection. */
  public void limitReplies(long bytesPerSecond) {
    network.limitReplies(bytesPerSecond);
  }

  /** Nothing passes, either way; on {@link #resume} all that was sent meanwhile arrives. */
  public void stall() {
    network.become(Network.State.STALLED);
  }

  /**
   * Half-open connections: whatever is sent vanishes, either way, and nobody is told. On {@link
   * #resume} connections that lost something are reset.
   */
  public void blackhole() {
    network.become(Network.State.BLACKHOLE);
  }

  /** Resets every connection, and each new one as soon as it is made. */
  public void cut() {
    network.become(Network.State.CUT);
    connections.forEach(ProxiedConnection::reset);
  }

  /** Resets every connection once; new ones pass. */
  public void cutOnce() {
    connections.forEach(ProxiedConnection::reset);
  }

  /**
   * The next replies pass up to this many bytes, counted over all connections; the connection that
   * carries the last of them is then reset, once.
   */
  public void cutReplyAfter(long bytes) {
    network.cutReplyAfter(bytes);
  }

  /** Resets one of the connections. */
  public void cutOne() {
    connections.stream().findFirst().ifPresent(ProxiedConnection::reset);
  }

  /** One of the connections is half-open from now on, for good: whatever is sent on it vanishes. */
  public void silenceOne() {
    connections.stream().findFirst().ifPresent(ProxiedConnection::silence);
  }

  /** Nobody can connect any more; the connections that are there go on. */
  public void refuseNew() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Passes everything again. */
  public void resume() {
    network.heal();
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
