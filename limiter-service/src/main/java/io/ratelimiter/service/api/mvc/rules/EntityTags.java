package io.ratelimiter.service.api.mvc.rules;

import io.ratelimiter.service.api.http.ProblemException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code If-Match} or {@code If-None-Match}, RFC 9110, 8.8.3 and 13.1.
 *
 * @param any whether the value is {@code *}, which matches every tag
 * @param strong tags with their quotes
 * @param weak tags with the prefix {@code W/}, without it, with their quotes
 */
record EntityTags(boolean any, Set<String> strong, Set<String> weak) {

  /**
   * One item. A tag may contain a comma, so the list is matched item by item instead of split.
   * Empty items are allowed.
   */
  private static final Pattern ITEM =
      Pattern.compile("[ \t]*(?:(W/)?(\"[!#-~\\x80-\\xFF]*\"))?[ \t]*(?:,|$)");

  /**
   * Parses all lines of a header; null without any.
   *
   * @throws ProblemException 400, when the value is neither {@code *} nor a list of tags
   */
  static @Nullable EntityTags read(String header, Enumeration<String> lines) {
    if (!lines.hasMoreElements()) {
      return null;
    }
    String value = String.join(",", Collections.list(lines)).strip();
    EntityTags tags = new EntityTags(value.equals("*"), new HashSet<>(), new HashSet<>());
    if (!tags.any && !tags.readList(value)) {
      throw ProblemException.invalid(
          header + " must be * or entity tags in double quotes with commas between");
    }
    return tags;
  }

  private boolean readList(String value) {
    Matcher item = ITEM.matcher(value);
    int read = 0;
    while (read < value.length() && item.find() && item.start() == read) {
      read = item.end();
      if (item.group(2) != null) {
        (item.group(1) == null ? strong : weak).add(item.group(2));
      }
    }
    return read == value.length() && !(strong.isEmpty() && weak.isEmpty());
  }

  /** Strong comparison: a weak tag is never equal. */
  boolean hasStrong(String tag) {
    return any || strong.contains(tag);
  }

  /** Weak comparison: the prefix of weak tags is ignored. */
  boolean has(String tag) {
    return hasStrong(tag) || weak.contains(tag);
  }
}
