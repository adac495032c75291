package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;

/** A script command, with the time at which {@link Deadlines} fails it. */
public final class ScriptCommand extends AsyncCommand<String, String, long[]> {

  /** Nanoseconds on the clock of {@link Deadlines}; used only on its event loop. */
  long dueNanos;

  public ScriptCommand(RedisCommand<String, String, long[]> command) {
    super(command);
  }
}
