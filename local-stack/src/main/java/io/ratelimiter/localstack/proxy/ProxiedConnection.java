package io.ratelimiter.localstack.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** One client of a {@link TcpProxy} and its server, and the bytes between them. */
final class ProxiedConnection {

  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int MAX_QUEUED_CHUNKS = 256;
  private static final Chunk END = new Chunk(new byte[0], 0);

  /** Bytes of a reply, and when they are due on {@link System#nanoTime}; no bytes mean the end. */
  private static final class Chunk {
    private final byte[] bytes;
    private final long dueNanos;

    Chunk(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }

    boolean isEnd() {
      return bytes.length == 0;
    }
  }

  private final Socket client;
  private final Socket server;
  private final NetworkConditions network;
  private final Set<ProxiedConnection> registry;
  private final AtomicBoolean lostSomething = new AtomicBoolean();
  private volatile boolean silent;

  ProxiedConnection(
      Socket client, Socket server, NetworkConditions network, Set<ProxiedConnection> registry) {
    this.client = client;
    this.server = server;
    this.network = network;
    this.registry = registry;
  }

  /** Connects to the server and copies bytes until one side ends. */
  void run(int targetPort) {
    try {
      if (network.awaitNotStalled() == NetworkConditions.State.CUT) {
        reset();
        return;
      }
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      BlockingQueue<Chunk> replies = new ArrayBlockingQueue<>(MAX_QUEUED_CHUNKS);
      Thread.ofVirtual().start(() -> untilOneSideEnds(this::moveRequests));
      Thread.ofVirtual().start(() -> untilOneSideEnds(() -> readReplies(replies)));
      untilOneSideEnds(() -> writeReplies(replies));
    } catch (IOException | InterruptedException _) {
      // Without a server the client sees a reset, as it would without the proxy.
      reset();
    }
  }

  boolean lostSomething() {
    return lostSomething.get();
  }

  /** Discards all further bytes in both directions. */
  void silence() {
    silent = true;
  }

  /** Closes both sockets so that both sides see a reset, not an end. */
  void reset() {
    registry.remove(this);
    reset(client);
    reset(server);
  }

  private interface Moving {
    void move() throws IOException, InterruptedException;
  }

  private void untilOneSideEnds(Moving moving) {
    try {
      moving.move();
    } catch (IOException | InterruptedException _) {
      // Either side may end at any time; the other side gets a reset.
      reset();
    }
  }

  private void moveRequests() throws IOException, InterruptedException {
    byte[] buffer = new byte[CHUNK_BYTES];
    InputStream in = client.getInputStream();
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (passes()) {
        server.getOutputStream().write(buffer, 0, read);
      }
    }
    server.shutdownOutput();
  }

  private void readReplies(BlockingQueue<Chunk> replies) throws IOException, InterruptedException {
    byte[] buffer = new byte[CHUNK_BYTES];
    InputStream in = server.getInputStream();
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      long dueNanos = System.nanoTime() + network.nextDelayNanos();
      replies.put(new Chunk(Arrays.copyOf(buffer, read), dueNanos));
    }
    replies.put(END);
  }

  private void writeReplies(BlockingQueue<Chunk> replies) throws IOException, InterruptedException {
    for (Chunk chunk = replies.take(); !chunk.isEnd(); chunk = replies.take()) {
      waitUntil(chunk.dueNanos);
      if (passes() && !write(chunk.bytes)) {
        reset();
        return;
      }
    }
    registry.remove(this);
    client.close();
    server.close();
  }

  /** Writes the bytes that may pass; false if the connection is to be cut after them. */
  private boolean write(byte[] bytes) throws IOException {
    OptionalInt cut = network.cutWithin(bytes.length);
    int passing = cut.orElse(bytes.length);
    waitUntil(System.nanoTime() + network.transferNanos(passing));
    client.getOutputStream().write(bytes, 0, passing);
    return cut.isEmpty();
  }

  /** Blocks while the network is stalled; false if the current bytes are lost. */
  private boolean passes() throws InterruptedException {
    boolean passes = network.awaitNotStalled() == NetworkConditions.State.PASSING && !silent;
    if (!passes) {
      lostSomething.set(true);
    }
    return passes;
  }

  private static void waitUntil(long dueNanos) {
    for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // Already closed by the other side.
    }
  }
}
