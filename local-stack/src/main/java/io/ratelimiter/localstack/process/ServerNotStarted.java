package io.ratelimiter.localstack.process;

/** A server did not become ready; the message has its name, the cause and the end of its log. */
public final class ServerNotStarted extends RuntimeException {

  /** Without a cause. */
  public ServerNotStarted(String message) {
    super(message);
  }

  /** With a cause. */
  public ServerNotStarted(String message, Throwable cause) {
    super(message, cause);
  }
}
