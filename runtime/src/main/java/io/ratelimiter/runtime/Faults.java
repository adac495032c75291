package io.ratelimiter.runtime;

/** Texts of exceptions for messages and logs. */
public final class Faults {

  private Faults() {}

  /** The root cause's message, in one line: a connection pool's own message has no reason. */
  public static String inOneLine(Throwable fault) {
    Throwable innermost = fault;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return onOneLine(message == null ? innermost.toString() : message);
  }

  /** The text without line breaks and other control characters. */
  public static String onOneLine(String text) {
    return text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
  }
}
