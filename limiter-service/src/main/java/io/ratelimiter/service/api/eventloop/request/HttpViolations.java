package io.ratelimiter.service.api.eventloop.request;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.api.http.Problem;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Requests that HTTP forbids, or that two servers may interpret differently: they are refused. */
final class HttpViolations {

  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  private HttpViolations() {}

  /**
   * The violation that makes it uncertain where the request ends; null without one. Nothing more
   * can be read from the connection after it.
   */
  static @Nullable Problem ofFraming(HttpRequest request) {
    if (request.protocolVersion().majorVersion() == 2 || !known(request.protocolVersion())) {
      return Problem.of(505, "the HTTP version must be 1.0 or 1.1");
    }
    Problem coding = coding(request);
    if (coding != null) {
      return coding;
    }
    if (request.decoderResult().isFailure()) {
      return undecodable(request.decoderResult().cause());
    }
    return oneHost(request) ? null : Problem.of(400, "Host must be given once");
  }

  private static Problem undecodable(Throwable cause) {
    return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException
        ? Problem.of(400, "the request line and the headers must have at most 8 KiB each")
        : Problem.INVALID_HTTP;
  }

  private static boolean known(HttpVersion version) {
    return version.protocolName().equals("HTTP")
        && version.majorVersion() == 1
        && version.minorVersion() <= 1;
  }

  /** Only a single "chunked" is accepted: of several codings a proxy might apply another one. */
  private static @Nullable Problem coding(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String first = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    if (first == null) {
      return null;
    }
    if (!first.equalsIgnoreCase("chunked")) {
      return Problem.of(501, "the transfer coding is not known");
    }
    boolean only = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).size() == 1;
    boolean length = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    return only && !length && request.protocolVersion().minorVersion() == 1
        ? null
        : Problem.of(400, "Transfer-Encoding must be given once, and no Content-Length beside it");
  }

  /** Required by HTTP/1.1, and accepted once: of two a proxy might use the other one. */
  private static boolean oneHost(HttpRequest request) {
    Iterator<? extends CharSequence> hosts =
        request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      return request.protocolVersion().minorVersion() == 0;
    }
    hosts.next();
    return !hosts.hasNext();
  }

  /** The violation of a request whose end is known; null without one. */
  static @Nullable Problem ofRequest(HttpRequest request) {
    if (request.method().equals(HttpMethod.CONNECT)) {
      return notAllowed("this is no proxy: CONNECT is not allowed");
    }
    if (request.method().equals(HttpMethod.TRACE)) {
      return notAllowed("the method is not allowed here");
    }
    if (!ownTarget(request)) {
      return Problem.of(400, "the target must be a path, or a URI of the host that Host names");
    }
    return expectation(request.headers());
  }

  private static Problem notAllowed(String detail) {
    return Problem.of(405, detail, new Header("Allow", "OPTIONS"));
  }

  private static boolean ownTarget(HttpRequest request) {
    String target = request.uri();
    if (target.startsWith("/") || target.equals("*")) {
      return true;
    }
    int from = authorityStart(target);
    int to = target.indexOf('/', from);
    String authority = from < 0 ? "" : target.substring(from, to < 0 ? target.length() : to);
    String host = request.headers().get(HttpHeaderNames.HOST);
    return !authority.isEmpty() && authority.equalsIgnoreCase(host);
  }

  /** Index of the authority in an absolute target; negative in any other target. */
  static int authorityStart(String target) {
    if (target.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
      return HTTP.length();
    }
    return target.regionMatches(true, 0, HTTPS, 0, HTTPS.length()) ? HTTPS.length() : -1;
  }

  private static @Nullable Problem expectation(HttpHeaders headers) {
    String expectation = headers.get(HttpHeaderNames.EXPECT);
    return expectation == null || expectation.equalsIgnoreCase("100-continue")
        ? null
        : Problem.of(417, "Expect must be 100-continue");
  }
}
