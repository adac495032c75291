package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The timeout of all commands except scripts, whose timeout {@link Deadlines} enforces. */
final class NonScriptTimeout extends TimeoutOptions.TimeoutSource {

  private final Duration timeout;

  NonScriptTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public long getTimeout(@Nullable RedisCommand<?, ?, ?> command) {
    boolean script =
        command != null
            && (command.getType() == CommandType.EVALSHA || command.getType() == CommandType.EVAL);
    return script ? 0 : timeout.toMillis();
  }
}
