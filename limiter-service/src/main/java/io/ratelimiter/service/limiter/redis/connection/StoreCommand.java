package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.RedisCommand;

/** A command to the store, with the time at which {@link Deadlines} fails it. */
public final class StoreCommand<T> extends AsyncCommand<String, String, T> {

  /** Nanoseconds on the clock of {@link Deadlines}; used only on its event loop. */
  long dueNanos;

  public StoreCommand(RedisCommand<String, String, T> command) {
    super(command);
  }
}
