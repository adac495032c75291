package io.ratelimiter.service.limiter.redis.reply;

/** The store's reply is not a reply to the command. */
public final class MalformedReplyException extends RuntimeException {

  public MalformedReplyException(String message) {
    // A hostile server may cause one per reply; a stack trace has no use and costs microseconds.
    super(message, null, false, false);
  }
}
