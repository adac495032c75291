package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts: {@code EVALSHA}, and where the store does not know the script, which means that
 * nothing ran, exactly one {@code EVAL}. Never blocks; every failure to answer is a {@link
 * StoreUnavailableException}.
 */
final class RedisScripting {

  private final Supplier<@Nullable BaseRedisAsyncCommands<String, String>> connection;
  private final ScriptCalls calls;

  /**
   * Runs scripts on whatever connection there is.
   *
   * @param connection the commands of the current connection, null while there is none
   * @param calls told of every failure, before the caller is, and how long each call took
   */
  RedisScripting(
      Supplier<@Nullable BaseRedisAsyncCommands<String, String>> connection, ScriptCalls calls) {
    this.connection = connection;
    this.calls = calls;
  }

  /** The script's reply, a flat array of integers. */
  CompletionStage<long[]> run(Script script, List<String> keys, List<String> arguments) {
    BaseRedisAsyncCommands<String, String> commands = connection.get();
    if (commands == null) {
      return failed(
          script, new StoreUnavailableException(DegradedReason.CONNECTION, "no connection", null));
    }
    long beganNanos = System.nanoTime();
    return dispatch(commands, CommandType.EVALSHA, script.sha(), keys, arguments)
        .exceptionallyCompose(failure ->
            StoreFailures.unwrap(failure) instanceof RedisNoScriptException
                ? dispatch(commands, CommandType.EVAL, script.source(), keys, arguments)
                : CompletableFuture.failedStage(failure))
        .whenComplete((_, _) -> calls.ended(script, System.nanoTime() - beganNanos))
        .exceptionallyCompose(failure -> failed(script, StoreFailures.classify(failure)));
  }

  private <T> CompletionStage<T> failed(Script script, Throwable failure) {
    calls.failed(script, failure);
    return CompletableFuture.failedStage(failure);
  }

  private static CompletionStage<long[]> dispatch(
      BaseRedisAsyncCommands<String, String> commands,
      CommandType command,
      String script,
      List<String> keys,
      List<String> arguments) {
    CommandArgs<String, String> args =
        new CommandArgs<>(StringCodec.UTF8).add(script).add(keys.size()).addKeys(keys);
    for (String argument : arguments) {
      args.add(argument);
    }
    return commands.dispatch(command, new IntegersOutput(StringCodec.UTF8), args);
  }
}
