package io.ratelimiter.runtime;

/** What went wrong, for people. */
public final class Faults {

  private Faults() {}

  /** The innermost reason, in one line: a connection pool's own message names none. */
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
