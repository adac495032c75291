package io.ratelimiter.service.limiter;

import java.time.Instant;

/** Converts instants to microseconds since 1970, the unit of all timestamps of decisions. */
public final class Micros {

  private Micros() {}

  /** Microseconds since 1970, rounded down. */
  public static long of(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }
}
