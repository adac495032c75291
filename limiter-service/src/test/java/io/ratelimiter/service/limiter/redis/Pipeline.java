package io.ratelimiter.service.limiter.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sends the same batch of commands repeatedly on one plain socket, so that almost only the server
 * is measured.
 */
final class Pipeline implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  Pipeline(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
  }

  static byte[] encode(List<List<String>> commands) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (List<String> command : commands) {
      out.writeBytes(utf8("*" + command.size() + "\r\n"));
      for (String word : command) {
        byte[] bytes = utf8(word);
        out.writeBytes(utf8("$" + bytes.length + "\r\n"));
        out.writeBytes(bytes);
        out.writeBytes(utf8("\r\n"));
      }
    }
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Sends the batch and waits for {@code replies} status or array replies. */
  void send(byte[] batch, int replies) throws IOException {
    socket.getOutputStream().write(batch);
    int seen = 0;
    int last = '\n';
    while (seen < replies || last != '\n' || in.available() > 0) {
      int next = in.read();
      if (next == '-' && last == '\n') {
        throw new IOException("an error reply: " + new String(in.readNBytes(80)));
      }
      if (last == '\n' && (next == '*' || next == '+')) {
        seen++;
      }
      last = next;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
