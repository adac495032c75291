package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.Problem;
import io.ratelimiter.service.api.ProblemException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A request whose body was read whole, within a bound, before anybody looks at it. */
final class BufferedRequest extends HttpServletRequestWrapper {

  /** A rule is below 2 KiB. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final int MAX_DISCARDED = 1 << 20;
  private static final int CHUNK_BYTES = 8_192;

  private final byte[] body;

  private BufferedRequest(HttpServletRequest request, byte[] body) {
    super(request);
    this.body = body;
  }

  /**
   * Reads the body; blocks until it has come.
   *
   * @throws ProblemException 413, when it is longer than {@value #MAX_BODY_BYTES} bytes
   */
  static BufferedRequest of(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    InputStream in = request.getInputStream();
    byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      if (!discard(in)) {
        Connections.abandonBody(request, response);
      }
      throw new ProblemException(
          Problem.of(413, "the body must have at most " + MAX_BODY_BYTES + " bytes"));
    }
    return new BufferedRequest(request, body);
  }

  /** Reads the rest within a bound; whether that was all. */
  private static boolean discard(InputStream in) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int discarded = 0; discarded < MAX_DISCARDED; ) {
      int count = in.read(chunk);
      if (count < 0) {
        return true;
      }
      discarded += count;
    }
    return false;
  }

  /** Spring MVC answers from this thread: it is virtual, so waiting costs nothing. */
  @Override
  public boolean isAsyncSupported() {
    return false;
  }

  @Override
  public boolean isAsyncStarted() {
    return false;
  }

  @Override
  public ServletInputStream getInputStream() {
    ByteArrayInputStream bytes = new ByteArrayInputStream(body);
    return new ServletInputStream() {
      @Override
      public int read() {
        return bytes.read();
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        return bytes.read(target, offset, length);
      }

      @Override
      public boolean isFinished() {
        return bytes.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("the body is here already");
      }
    };
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }
}
