package io.ratelimiter.service.rules;

import org.jspecify.annotations.Nullable;

/**
 * A pattern of the value of an attribute.
 *
 * @param text the value, or a prefix of it
 * @param exact whether {@code text} is the whole value
 */
record AttributePattern(String text, boolean exact) {

  /** Reads the notation of {@code match}: an exact value, {@code prefix*}, or {@code *} for any. */
  static AttributePattern of(String written) {
    return written.endsWith(Rule.WILDCARD)
        ? new AttributePattern(written.substring(0, written.length() - 1), false)
        : exactly(written);
  }

  static AttributePattern exactly(String value) {
    return new AttributePattern(value, true);
  }

  boolean matches(@Nullable String value) {
    return value != null && (exact ? value.equals(text) : value.startsWith(text));
  }

  /**
   * Rank among the patterns that match one value, min 1; a more specific pattern has a higher one.
   */
  int specificity() {
    return exact ? Integer.MAX_VALUE : text.length() + 1;
  }
}
