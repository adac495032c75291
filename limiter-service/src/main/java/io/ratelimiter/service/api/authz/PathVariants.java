package io.ratelimiter.service.api.authz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The paths as which servers behind a proxy may interpret an original path: with path parameters or
 * without, percent-encoded or decoded once, with slashes merged, dot segments resolved (RFC 3986,
 * 5.2.4), and with or without the last slash. A limit on any of them applies to all, so that
 * another spelling of a path does not escape its limit.
 */
final class PathVariants {

  private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*");
  private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
  private static final Pattern SLASHES = Pattern.compile("/{2,}");

  private PathVariants() {}

  /**
   * The variants of a URI or path; the path as sent is the first.
   *
   * @param uri as the proxy received it; scheme, authority, query and fragment are ignored
   */
  static Set<String> of(String uri) {
    String path = pathOf(uri);
    Set<String> variants = new LinkedHashSet<>();
    if (plain(path)) {
      addBothEnds(variants, path);
      return variants;
    }
    String cut = withoutParameters(path);
    for (String variant : new String[] {path, cut, decoded(path), decoded(cut)}) {
      addResolved(variants, variant);
      addResolved(variants, withoutParameters(variant));
    }
    return variants;
  }

  private static String pathOf(String uri) {
    String rest = AUTHORITY.matcher(uri).lookingAt() ? afterAuthority(uri) : uri;
    int end = rest.length();
    for (char stop : new char[] {'?', '#'}) {
      int at = rest.indexOf(stop);
      end = at >= 0 && at < end ? at : end;
    }
    String path = rest.substring(0, end);
    return path.startsWith("/") ? path : "/" + path;
  }

  private static String afterAuthority(String uri) {
    return AUTHORITY.matcher(uri).replaceFirst("");
  }

  /** Whether all servers interpret it in the same way, except for its last slash. */
  static boolean plain(String path) {
    return path.indexOf('%') < 0
        && path.indexOf(';') < 0
        && !path.contains("//")
        && !path.contains("/.");
  }

  private static String withoutParameters(String path) {
    return PARAMETERS.matcher(path).replaceAll("");
  }

  private static void addResolved(Set<String> variants, String path) {
    String merged = SLASHES.matcher(path).replaceAll("/");
    for (String variant : new String[] {path, merged, resolved(path), resolved(merged)}) {
      addBothEnds(variants, variant);
    }
  }

  private static void addBothEnds(Set<String> variants, String path) {
    variants.add(path);
    if (path.length() > 1) {
      variants.add(path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/");
    }
  }

  private static String resolved(String path) {
    Deque<String> segments = new ArrayDeque<>();
    String[] all = path.substring(1).split("/", -1);
    for (String segment : all) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    String last = all[all.length - 1];
    boolean open = last.equals(".") || last.equals("..");
    return "/" + String.join("/", segments) + (open && !segments.isEmpty() ? "/" : "");
  }

  /** Decodes valid percent-escapes and leaves the others unchanged. */
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
