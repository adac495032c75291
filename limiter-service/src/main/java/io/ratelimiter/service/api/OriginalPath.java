package io.ratelimiter.service.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The path that a proxy was asked for, in the one form that rules name: percent-decoded, without
 * empty and dot segments (RFC 3986, 6.2.2), without query. Whoever writes a path differently does
 * not escape its limit.
 */
final class OriginalPath {

  private OriginalPath() {}

  /** The normal form of a URI or path as sent. */
  static String of(String uri) {
    String decoded = decoded(pathOf(uri));
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : decoded.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    String path = "/" + String.join("/", segments);
    return decoded.endsWith("/") && path.length() > 1 ? path + "/" : path;
  }

  private static String pathOf(String uri) {
    int end = uri.length();
    for (char stop : new char[] {'?', '#'}) {
      int at = uri.indexOf(stop);
      end = at >= 0 && at < end ? at : end;
    }
    int scheme = uri.indexOf("://");
    if (scheme < 0 || scheme > end) {
      return uri.substring(0, end);
    }
    int slash = uri.indexOf('/', scheme + 3);
    return slash < 0 || slash > end ? "/" : uri.substring(slash, end);
  }

  /** Decodes what is percent-encoded, and leaves alone what only looks so. */
  private static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int value = bytes[i] == '%' && i + 2 < bytes.length ? hex(bytes[i + 1], bytes[i + 2]) : -1;
      bytes[length++] = value < 0 ? bytes[i] : (byte) value;
      i += value < 0 ? 0 : 2;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static int hex(byte high, byte low) {
    int h = Character.digit(high, 16);
    int l = Character.digit(low, 16);
    return h < 0 || l < 0 ? -1 : h << 4 | l;
  }
}
