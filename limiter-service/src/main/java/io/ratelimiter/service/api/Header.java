package io.ratelimiter.service.api;

/** A header field of an answer. */
public record Header(String name, String value) {

  /** The answer is of this moment. */
  static final Header NO_STORE = new Header("Cache-Control", "no-store");
}
