package io.ratelimiter.service.rules;

import org.jspecify.annotations.Nullable;

/**
 * What the value of an attribute must be.
 *
 * @param text the value, or what it must begin with
 * @param exact whether it must be that value
 */
record AttributePattern(String text, boolean exact) {

  /** As written in {@code match}: an exact value, {@code prefix*}, or {@code *} for any value. */
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

  /** The more specific of two patterns that match one value is higher; always above 0. */
  int specificity() {
    return exact ? Integer.MAX_VALUE : text.length() + 1;
  }
}
