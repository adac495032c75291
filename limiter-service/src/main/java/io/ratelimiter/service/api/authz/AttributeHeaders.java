package io.ratelimiter.service.api.authz;

import io.ratelimiter.service.api.codec.FieldGrammar;
import io.ratelimiter.service.api.http.ProblemException;
import io.ratelimiter.service.rules.Attributes;
import java.util.Map;
import java.util.TreeMap;

/** The headers of the attributes that the option {@code attributes} names. */
final class AttributeHeaders {

  private static final String OPTION = "attributes";
  private static final String PREFIX = "X-Attribute";

  private AttributeHeaders() {}

  /**
   * The name of the attribute of each header: {@code X-Attribute-User-Agent} has {@code
   * user_agent}.
   *
   * @param option names, separated by commas
   * @throws ProblemException 400, when a name is invalid, two names have the same header, or there
   *     are more than {@value Attributes#MAX}
   */
  static Map<String, String> of(String option) {
    Map<String, String> nameByHeader = new TreeMap<>();
    for (String name : option.split(",", Attributes.MAX + 1)) {
      if (nameByHeader.size() == Attributes.MAX) {
        throw ProblemException.invalid(FieldGrammar.attributesFault(OPTION));
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
    StringBuilder header = new StringBuilder(PREFIX);
    for (String word : FieldGrammar.attributeName(OPTION, name).split("[._-]", -1)) {
      header.append('-');
      if (!word.isEmpty()) {
        header.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
      }
    }
    return header.toString();
  }
}
