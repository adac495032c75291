package io.ratelimiter.load.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A persistent HTTP/1.1 connection with one request at a time. Not thread-safe. Parses answers in
 * the receive buffer, so that the load takes little processor time beside the measured service.
 */
final class HttpConnection {

  private static final int MAX_ANSWER_BYTES = 64 * 1024;
  private static final int STATUS_AT = 9;
  private static final byte[] LENGTH = ascii("content-length:");
  private static final byte[] ALLOWED = ascii("{\"allowed\":true");

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(MAX_ANSWER_BYTES);
  private long dueNanos;
  private int lineStart;
  private int looked;
  private int bodyStart;
  private int length = -1;

  private HttpConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to a port of this machine and registers with the selector for reading. */
  static HttpConnection open(int port, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
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
    in.clear();
    lineStart = 0;
    looked = 0;
    bodyStart = 0;
    length = -1;
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
   * Reads the available bytes.
   *
   * @return whether the answer is complete
   * @throws EOFException if the service has closed the connection
   */
  boolean read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException();
    }
    if (bodyStart == 0) {
      readHead();
    }
    return bodyStart > 0 && in.position() >= bodyStart + length;
  }

  private void readHead() throws IOException {
    byte[] bytes = in.array();
    for (; looked < in.position() && bodyStart == 0; looked++) {
      if (bytes[looked] == '\n') {
        endLine(bytes);
        lineStart = looked + 1;
      }
    }
  }

  private void endLine(byte[] bytes) throws IOException {
    if (looked - lineStart == 1) {
      if (length < 0) {
        throw new IOException("answer without Content-Length");
      }
      bodyStart = looked + 1;
    } else if (isLength(bytes)) {
      length = number(bytes, lineStart + LENGTH.length);
    }
  }

  private boolean isLength(byte[] bytes) {
    for (int i = 0; i < LENGTH.length; i++) {
      // Sets the bit of lower-case letters; the other characters of the name have it already.
      if ((bytes[lineStart + i] | 0x20) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private static int number(byte[] bytes, int start) {
    int value = 0;
    for (int i = start; bytes[i] != '\r'; i++) {
      value = bytes[i] == ' ' ? value : value * 10 + bytes[i] - '0';
    }
    return value;
  }

  /** HTTP status of the answer. */
  int status() {
    return number(in.array(), STATUS_AT, 3);
  }

  private static int number(byte[] bytes, int start, int digits) {
    int value = 0;
    for (int i = start; i < start + digits; i++) {
      value = value * 10 + bytes[i] - '0';
    }
    return value;
  }

  /** Whether the answer allows the check. */
  boolean allowed() {
    return length >= ALLOWED.length
        && Arrays.equals(
            in.array(), bodyStart, bodyStart + ALLOWED.length, ALLOWED, 0, ALLOWED.length);
  }

  /** The complete answer, which was read at this time. */
  Answer answer(long atNanos) {
    return new Answer(
        status(), new String(in.array(), bodyStart, length, StandardCharsets.UTF_8), atNanos);
  }

  void close() throws IOException {
    channel.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
