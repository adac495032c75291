package io.ratelimiter.endtoend.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A kept-alive HTTP/1.1 connection that carries one request at a time; for one thread. */
final class HttpConnection {

  private static final int LARGEST_ANSWER = 64 * 1024;
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final String LENGTH = "content-length:";

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(LARGEST_ANSWER);
  private long dueNanos;

  private HttpConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to a port of this machine and listens for answers with this selector. */
  static HttpConnection open(InetSocketAddress address, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.connect(address);
      channel.configureBlocking(false);
      HttpConnection connection = new HttpConnection(channel);
      channel.register(selector, SelectionKey.OP_READ, connection);
      return connection;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Sends a request that was due at this time, {@link System#nanoTime}. */
  void send(byte[] request, long due) throws IOException {
    dueNanos = due;
    ByteBuffer out = ByteBuffer.wrap(request);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** When the last request was due. */
  long dueNanos() {
    return dueNanos;
  }

  /**
   * Reads what has come.
   *
   * @return the answer once it is whole, else null
   * @throws EOFException when the service has closed the connection
   */
  @Nullable Answer read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException();
    }
    String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
    int head = text.indexOf(END_OF_HEAD);
    if (head < 0) {
      return null;
    }
    int begin = head + END_OF_HEAD.length();
    int length = length(text.substring(0, head + 2));
    if (in.position() < begin + length) {
      return null;
    }
    String body = new String(in.array(), begin, length, StandardCharsets.UTF_8);
    in.clear();
    return new Answer(Integer.parseInt(text.substring(9, 12)), body, System.nanoTime());
  }

  private static int length(String head) throws IOException {
    int start = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (start < 0) {
      throw new IOException("an answer without length: " + head);
    }
    int from = start + LENGTH.length();
    return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
  }

  void close() throws IOException {
    channel.close();
  }
}
