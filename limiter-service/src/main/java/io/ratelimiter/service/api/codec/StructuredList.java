package io.ratelimiter.service.api.codec;

/**
 * Writes a list of strings with whole-number parameters as RFC 9651 (structured field values for
 * HTTP) serializes it, sections 4.1.1 to 4.1.6.
 */
final class StructuredList {

  /** Largest magnitude of an integer: 15 digits. */
  private static final long MAX_INTEGER = 999_999_999_999_999L;

  private final StringBuilder field = new StringBuilder(48);

  /**
   * Begins a member.
   *
   * @throws IllegalArgumentException when the text is not printable ASCII
   */
  StructuredList item(String text) {
    if (!field.isEmpty()) {
      field.append(", ");
    }
    field.append('"');
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
    field.append('"');
    return this;
  }

  /**
   * Adds a parameter to the member begun last.
   *
   * @param key a lower-case word
   * @throws IllegalArgumentException when the value has more than 15 digits
   */
  StructuredList parameter(String key, long value) {
    if (value > MAX_INTEGER || value < -MAX_INTEGER) {
      throw new IllegalArgumentException("a structured integer has 15 digits, not " + value);
    }
    field.append(';').append(key).append('=').append(value);
    return this;
  }

  boolean isEmpty() {
    return field.isEmpty();
  }

  /** The field's value. */
  @Override
  public String toString() {
    return field.toString();
  }

  private void append(char c) {
    if (c < ' ' || c > '~') {
      throw new IllegalArgumentException(
          "a structured string is printable ASCII, not U+%04X".formatted((int) c));
    }
    if (c == '"' || c == '\\') {
      field.append('\\');
    }
    field.append(c);
  }
}
