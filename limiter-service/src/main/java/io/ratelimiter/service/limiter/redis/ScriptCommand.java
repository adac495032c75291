package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;

/** A script's command, with the time at which {@link Deadlines} fails it. */
final class ScriptCommand extends AsyncCommand<String, String, long[]> {

  /** Nanoseconds on the clock of its deadlines; used on their thread only. */
  long dueNanos;

  ScriptCommand(RedisCommand<String, String, long[]> command) {
    super(command);
  }
}
