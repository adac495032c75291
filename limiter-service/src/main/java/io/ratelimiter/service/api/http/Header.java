package io.ratelimiter.service.api.http;

/** A header field of an answer. */
public record Header(String name, String value) {

  /** Answers must not be cached. */
  public static final Header NO_STORE = new Header("Cache-Control", "no-store");
}
