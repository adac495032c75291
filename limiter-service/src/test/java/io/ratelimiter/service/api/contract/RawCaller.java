package io.ratelimiter.service.api.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Bytes to the service and back, for what no HTTP client would send. */
public final class RawCaller implements AutoCloseable {

  private final Socket socket;

  public RawCaller(URI base) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(base.getHost(), base.getPort()), 5_000);
    socket.setTcpNoDelay(true);
  }

  public RawCaller send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  public RawCaller send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Says that nothing more will be sent; what is answered can still be read. */
  public RawCaller sendNoMore() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** All that comes until the service closes the connection; fails when it does not. */
  public String readToEnd(Duration limit) throws IOException {
    socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What comes until the text does; fails when it does not come. */
  public String readUntil(String text, Duration limit) throws IOException {
    socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    while (!read.toString(StandardCharsets.UTF_8).contains(text)) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after " + read.toString(StandardCharsets.UTF_8));
      }
      read.write(next);
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  /** Whether something has come that was not read yet. */
  public boolean answered() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /** Whether the service has closed the connection, looking for as long as the limit. */
  public boolean closed(Duration limit) throws IOException {
    socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
