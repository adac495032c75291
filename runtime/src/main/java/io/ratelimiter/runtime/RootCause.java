package io.ratelimiter.runtime;

/** Reduces an exception to one line for messages and logs. */
public final class RootCause {

  private RootCause() {}

  /** The innermost exception: the outer ones, such as a connection pool's, contain no reason. */
  public static Throwable of(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** The root cause's message in one line, or its class if it has no message. */
  public static String message(Throwable fault) {
    Throwable root = of(fault);
    String message = root.getMessage();
    return inOneLine(message == null ? root.toString() : message);
  }

  /** The text with every run of white space and control characters replaced by one blank. */
  public static String inOneLine(String text) {
    return text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
  }
}
