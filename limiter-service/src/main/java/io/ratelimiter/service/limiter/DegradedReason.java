package io.ratelimiter.service.limiter;

/** Why a decision was made without the store. */
public enum DegradedReason {
  /** The store did not answer in time; the command may still run and is never sent again. */
  TIMEOUT("timeout"),
  /** There is no connection, or it broke before the reply. */
  CONNECTION("connection"),
  /** The store answered with an error, or with anything but a reply to the check. */
  STORE_ERROR("store_error"),
  /** The circuit breaker is open, so no command was sent. */
  CIRCUIT_OPEN("circuit_open");

  private final String wireName;

  DegradedReason(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
