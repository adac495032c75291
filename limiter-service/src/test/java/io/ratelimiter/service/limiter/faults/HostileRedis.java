package io.ratelimiter.service.limiter.faults;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that answers Redis commands with the replies of the test, like a hostile server or a
 * broken proxy. By default it answers like a Redis without {@code HELLO} and allows each check of
 * one token bucket.
 */
final class HostileRedis implements AutoCloseable {

  /** A reply that continues for as long as the connection is open. */
  record Reply(String beginning, String again) {
    static Reply of(String text) {
      return new Reply(text, "");
    }
  }

  private final ServerSocket server;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final List<Socket> sockets = new ArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();

  HostileRedis() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Sets the reply to this command from now on; scripts are {@code EVALSHA}. */
  void answer(String command, Reply reply) {
    replies.put(command, reply);
  }

  /** Restores the default replies. */
  void restoreDefaults() {
    replies.clear();
  }

  /** Number of connections that the other side has closed. */
  int closedByPeer() {
    return closed.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        synchronized (sockets) {
          sockets.add(socket);
        }
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // The socket was closed, which ends the loop.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream())) {
      OutputStream out = socket.getOutputStream();
      for (List<String> command = read(in); !command.isEmpty(); command = read(in)) {
        answer(command, out);
      }
    } catch (IOException e) {
      // The other side closed the connection.
    } finally {
      closed.incrementAndGet();
    }
  }

  private void answer(List<String> command, OutputStream out) throws IOException {
    String name = command.getFirst();
    Reply reply = replies.get(name);
    if (reply == null) {
      out.write(bytes(defaultReply(name, command)));
      return;
    }
    out.write(bytes(reply.beginning()));
    byte[] again = bytes(reply.again().repeat(100));
    while (again.length > 0) {
      out.write(again);
    }
  }

  private static String defaultReply(String name, List<String> command) {
    return switch (name) {
      case "HELLO" -> "-ERR unknown command 'HELLO'\r\n";
      case "PING" -> "+PONG\r\n";
      case "SCRIPT" -> "$40\r\n" + "0".repeat(40) + "\r\n";
      case "INFO" -> "$0\r\n\r\n";
      case "EVALSHA", "EVAL" -> verdict(command.get(4).equals("0"));
      default -> "+OK\r\n";
    };
  }

  /** The reply of a token bucket that allows. */
  static String verdict(boolean peek) {
    long now = System.currentTimeMillis() * 1_000;
    return peek
        ? "*5\r\n:%d\r\n:1\r\n:%d\r\n:0\r\n:0\r\n".formatted(now, now)
        : "*5\r\n:%d\r\n:3\r\n:%d\r\n:1000000\r\n:0\r\n".formatted(now, now);
  }

  /** Reads one command; empty at the end of the stream. */
  private static List<String> read(InputStream in) throws IOException {
    String head = line(in);
    List<String> command = new ArrayList<>();
    for (int i = head.isEmpty() ? 0 : Integer.parseInt(head.substring(1)); i > 0; i--) {
      int length = Integer.parseInt(line(in).substring(1));
      command.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
      in.skipNBytes(2);
    }
    return command;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.append((char) b);
    }
    return line.toString().strip();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      server.close();
      synchronized (sockets) {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
