package io.ratelimiter.service.api.servlet;

import io.ratelimiter.service.api.LargeBodies;
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
import java.util.Arrays;

/** A request whose body was read whole, within a bound, before anybody looks at it. */
final class BufferedRequest extends HttpServletRequestWrapper implements AutoCloseable {

  /** A rule is below 2 KiB. */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private static final int MAX_DISCARDED = 1 << 20;
  private static final int CHUNK_BYTES = 8_192;

  private final LargeBodies largeBodies;
  private byte[] body = new byte[0];
  private int held;

  /** A request of which nothing was read yet; to be closed when its body is needed no more. */
  BufferedRequest(HttpServletRequest request, LargeBodies largeBodies) {
    super(request);
    this.largeBodies = largeBodies;
  }

  /**
   * Reads the body; blocks until it has come.
   *
   * @throws ProblemException 413, when it is longer than {@value #MAX_BODY_BYTES} bytes; 503, when
   *     it is large and too much of others is held
   */
  void read(HttpServletResponse response) throws IOException {
    InputStream in = super.getInputStream();
    body = in.readNBytes(LargeBodies.FREE_BYTES);
    if (body.length < LargeBodies.FREE_BYTES) {
      return;
    }
    if (!largeBodies.grow(body.length, MAX_BODY_BYTES)) {
      throw refused(in, response, LargeBodies.CROWDED_OUT);
    }
    held = MAX_BODY_BYTES;
    byte[] rest = in.readNBytes(MAX_BODY_BYTES + 1 - body.length);
    if (body.length + rest.length > MAX_BODY_BYTES) {
      throw refused(
          in, response, Problem.of(413, "the body must have at most " + MAX_BODY_BYTES + " bytes"));
    }
    body = joined(body, rest);
  }

  private ProblemException refused(InputStream in, HttpServletResponse response, Problem problem)
      throws IOException {
    if (!discard(in)) {
      Connections.abandonBody((HttpServletRequest) getRequest(), response);
    }
    return new ProblemException(problem);
  }

  private static byte[] joined(byte[] first, byte[] rest) {
    byte[] whole = Arrays.copyOf(first, first.length + rest.length);
    System.arraycopy(rest, 0, whole, first.length, rest.length);
    return whole;
  }

  @Override
  public void close() {
    largeBodies.end(held);
    held = 0;
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
