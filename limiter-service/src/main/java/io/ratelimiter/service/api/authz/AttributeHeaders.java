package io.ratelimiter.service.api.authz;

import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.AttributeName;
import io.ratelimiter.service.rules.Attributes;
import java.util.Map;
import java.util.TreeMap;

/** The headers that have the attributes which the option {@code attributes} names. */
final class AttributeHeaders {

  private static final String PREFIX = "X-Attribute";

  private AttributeHeaders() {}

  /**
   * The attribute of each header, such as {@code X-Attribute-User-Agent} for {@code user_agent}.
   *
   * @param option names, separated by commas
   * @throws ProblemException 400, when a name is not valid, two names have the same header, or
   *     there are too many
   */
  static Map<String, String> of(String option) {
    Map<String, String> nameByHeader = new TreeMap<>();
    for (String name : option.split(",", Attributes.MAX + 1)) {
      if (nameByHeader.size() == Attributes.MAX) {
        throw ProblemException.invalid(
            "attributes must have at most " + Attributes.MAX + " members");
      }
      String header = header(name);
      String before = nameByHeader.put(header, name);
      if (before != null) {
        throw ProblemException.invalid(
            "attributes must not name %s twice: %s and %s".formatted(header, before, name));
      }
    }
    return nameByHeader;
  }

  private static String header(String name) {
    try {
      AttributeName.check(name);
    } catch (IllegalArgumentException e) {
      throw ProblemException.invalid("attributes " + e.getMessage());
    }
    StringBuilder header = new StringBuilder(PREFIX);
    for (String word : name.split("[._-]", -1)) {
      header.append('-');
      if (!word.isEmpty()) {
        header.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
      }
    }
    return header.toString();
  }
}
