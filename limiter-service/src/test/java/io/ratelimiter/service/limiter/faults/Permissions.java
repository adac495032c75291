package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.localstack.RedisServer;
import java.util.ArrayList;
import java.util.List;

/** The user {@code limiter}, password {@code secret}, with the documented permissions. */
final class Permissions {

  private static final List<String> DOCUMENTED =
      List.of(
          "~rl:*",
          "+evalsha",
          "+script|load",
          "+eval",
          "+ping",
          "+hello",
          "+auth",
          "+select",
          // Called by the scripts.
          "+time",
          "+get",
          "+set",
          "+del",
          "+llen",
          "+lrange",
          "+lindex",
          "+rpush",
          "+lset",
          "+ltrim",
          "+pexpireat");

  private Permissions() {}

  static void grant(RedisServer redis, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("ACL", "SETUSER", "limiter", "on", ">secret", "resetkeys", "-@all"));
    command.addAll(DOCUMENTED);
    command.addAll(List.of(more));
    redis.command(command.toArray(String[]::new));
  }
}
