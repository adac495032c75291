package io.ratelimiter.schemas;

/** A record is not an event of a known type and version; the message names field and fault. */
public final class UnreadableEventException extends RuntimeException {

  public UnreadableEventException(String message) {
    super(message);
  }

  public UnreadableEventException(String message, Throwable cause) {
    super(message, cause);
  }
}
