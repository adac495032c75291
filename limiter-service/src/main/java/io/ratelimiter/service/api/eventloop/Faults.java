package io.ratelimiter.service.api.eventloop;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.ratelimiter.service.api.Header;
import io.ratelimiter.service.api.Problem;
import java.util.BitSet;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What no endpoint ever sees, because HTTP forbids it or the servlet's container does. */
final class Faults {

  static final String NO_HTTP = "the request is not valid HTTP";

  /** RFC 3986, 2: all that a URI may consist of. */
  private static final BitSet TARGET = new BitSet(128);

  static {
    TARGET.set('0', '9' + 1);
    TARGET.set('A', 'Z' + 1);
    TARGET.set('a', 'z' + 1);
    "-._~!$&'()*+,;=:@/?%[]".chars().forEach(TARGET::set);
  }

  private Faults() {}

  /** The first thing that is wrong with a head; null when it is good. */
  static @Nullable Problem of(HttpRequest request) {
    Problem coding = coding(request.headers());
    if (coding != null) {
      return coding;
    }
    if (request.decoderResult().isFailure()) {
      return Problem.of(400, NO_HTTP);
    }
    if (!known(request.protocolVersion())) {
      return Problem.of(505, "the HTTP version must be 1.0 or 1.1");
    }
    if (!validTarget(request.uri()) || !oneHost(request)) {
      return Problem.of(400, NO_HTTP);
    }
    if (request.method().equals(HttpMethod.TRACE)) {
      return Problem.of(405, "the method is not allowed here", new Header("Allow", "OPTIONS"));
    }
    return expectation(request.headers());
  }

  private static boolean known(HttpVersion version) {
    return version.protocolName().equals("HTTP")
        && version.majorVersion() == 1
        && version.minorVersion() <= 1;
  }

  /** Chunked and nothing after it, or none: a proxy might go by another one of several. */
  private static @Nullable Problem coding(HttpHeaders headers) {
    String first = headers.get(HttpHeaderNames.TRANSFER_ENCODING);
    if (first == null) {
      return null;
    }
    if (!first.equalsIgnoreCase("chunked")) {
      return Problem.of(501, "the transfer coding is not known");
    }
    boolean only = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING).size() == 1;
    return only ? null : Problem.of(400, NO_HTTP);
  }

  private static @Nullable Problem expectation(HttpHeaders headers) {
    String expectation = headers.get(HttpHeaderNames.EXPECT);
    return expectation == null || expectation.equalsIgnoreCase("100-continue")
        ? null
        : Problem.of(417, "Expect must be 100-continue");
  }

  /** Required by HTTP/1.1, and never given twice: a proxy might read the other one. */
  private static boolean oneHost(HttpRequest request) {
    Iterator<? extends CharSequence> hosts =
        request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      return request.protocolVersion().minorVersion() == 0;
    }
    hosts.next();
    return !hosts.hasNext();
  }

  private static boolean validTarget(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (!TARGET.get(c) || (c == '%' && !validEscape(target, i))) {
        return false;
      }
    }
    return true;
  }

  /** Hexadecimal, and in a path neither a slash, a backslash nor a null in disguise. */
  private static boolean validEscape(String target, int at) {
    if (at + 2 >= target.length()) {
      return false;
    }
    int high = Character.digit(target.charAt(at + 1), 16);
    int low = Character.digit(target.charAt(at + 2), 16);
    if (high < 0 || low < 0) {
      return false;
    }
    int value = high << 4 | low;
    boolean disguise = value == 0 || value == '/' || value == '\\';
    return !disguise || inQuery(target, at);
  }

  private static boolean inQuery(String target, int at) {
    int mark = target.indexOf('?');
    return mark >= 0 && mark < at;
  }
}
