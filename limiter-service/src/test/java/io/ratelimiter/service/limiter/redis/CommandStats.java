package io.ratelimiter.service.limiter.redis;

import io.ratelimiter.localstack.RedisServer;

/** Statistics that Redis keeps of its commands. */
public final class CommandStats {

  private CommandStats() {}

  /** Calls of this command since the start or the last {@code CONFIG RESETSTAT}. */
  public static long calls(RedisServer redis, String command) {
    return redis
        .command("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
        .sum();
  }
}
