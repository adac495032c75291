package io.ratelimiter.service.api.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Normalizes paths, so that routing, admin token and Spring MVC all use the same one: decoded once,
 * without empty and dot segments (RFC 3986, 6.2.2), and encoded again. Path parameters are refused,
 * since some servers remove them and others do not.
 */
public final class RequestPath {

  private static final String UNRESERVED = "-._~!$&'()*+,=:@";
  private static final String HEX = "0123456789ABCDEF";

  private RequestPath() {}

  /**
   * The normalized path.
   *
   * @param path as sent, beginning with a slash, one character for each byte
   * @return null for a path that has parameters or characters that are invalid in a URI, is not
   *     UTF-8, leads above the root, or escapes a control character, slash or backslash
   */
  public static @Nullable String normalize(String path) {
    if (plain(path)) {
      return path;
    }
    if (!path.startsWith("/")) {
      return null;
    }
    Deque<String> segments = new ArrayDeque<>();
    boolean open = false;
    for (String sent : path.substring(1).split("/", -1)) {
      String segment = decode(sent);
      if (segment == null || (segment.equals("..") && segments.pollLast() == null)) {
        return null;
      }
      open = segment.isEmpty() || segment.equals(".") || segment.equals("..");
      if (!open) {
        segments.addLast(segment);
      }
    }
    return encode(segments, open);
  }

  /** Whether the path is normalized already, as nearly all are. */
  private static boolean plain(String path) {
    boolean afterSlash = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean slash = c == '/';
      if ((afterSlash && (slash || c == '.')) || !(slash || unreserved(c))) {
        return false;
      }
      afterSlash = slash;
    }
    return path.startsWith("/");
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || UNRESERVED.indexOf(c) >= 0;
  }

  private static @Nullable String decode(String segment) {
    byte[] bytes = new byte[segment.length()];
    int length = 0;
    for (int i = 0; i < segment.length(); i++) {
      int value = segment.charAt(i);
      if (value == '%') {
        value = escape(segment, i);
        i += 2;
      } else if (!unreserved((char) value)) {
        return null;
      }
      if (value < 0x20 || value == 0x7F || value == '/' || value == '\\') {
        return null;
      }
      bytes[length++] = (byte) value;
    }
    return text(bytes, length);
  }

  /** The escaped byte; negative unless two hexadecimal digits follow. */
  private static int escape(String segment, int at) {
    if (at + 2 >= segment.length()) {
      return -1;
    }
    int high = Character.digit(segment.charAt(at + 1), 16);
    int low = Character.digit(segment.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static @Nullable String text(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static String encode(Deque<String> segments, boolean open) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      path.append('/');
      for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
        char c = (char) (b & 0xFF);
        if (unreserved(c)) {
          path.append(c);
        } else {
          path.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
        }
      }
    }
    return open || path.isEmpty() ? path.append('/').toString() : path.toString();
  }
}
