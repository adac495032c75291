package io.ratelimiter.service.limiter.redis;

/** The time that the scripts are told. */
interface StoreClock {

  /** The server's own clock, which is the only one in service. */
  StoreClock OF_SERVER = () -> "";

  /** Microseconds since 1970 in digits, or empty for the server's own clock. */
  String override();
}
