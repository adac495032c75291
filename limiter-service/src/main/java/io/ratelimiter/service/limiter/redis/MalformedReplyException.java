package io.ratelimiter.service.limiter.redis;

/** The store's reply is not an answer to the command. */
final class MalformedReplyException extends RuntimeException {

  MalformedReplyException(String message) {
    // A hostile peer may cause one for each reply; a stack trace costs microseconds and has no use.
    super(message, null, false, false);
  }
}
