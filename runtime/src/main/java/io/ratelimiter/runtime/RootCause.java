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
    return messageOf(of(fault));
  }

  /** The message of an exception itself in one line, or its class if it has no message. */
  public static String messageOf(Throwable fault) {
    String message = fault.getMessage();
    return message == null || message.isBlank() ? fault.getClass().getName() : inOneLine(message);
  }

  /** The text with every run of white space and control characters replaced by one blank. */
  public static String inOneLine(String text) {
    return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
  }
}
