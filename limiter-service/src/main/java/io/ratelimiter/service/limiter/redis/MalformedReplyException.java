package io.ratelimiter.service.limiter.redis;

/** What the store sent is not an answer to what was asked. */
final class MalformedReplyException extends RuntimeException {

  MalformedReplyException(String message) {
    // Of a hostile peer each reply may be one: the stack costs microseconds and leads nowhere.
    super(message, null, false, false);
  }
}
