package io.ratelimiter.localstack;

/** A server did not become ready; the message says which, why, and the last lines of its log. */
public final class ServerNotStarted extends RuntimeException {

  ServerNotStarted(String message) {
    super(message);
  }

  ServerNotStarted(String message, Throwable cause) {
    super(message, cause);
  }
}
