package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts: {@code EVALSHA}, and where the store does not know the script, which means that
 * nothing ran, exactly one {@code EVAL}. Never blocks; every failure to answer is a {@link
 * StoreUnavailableException}.
 */
final class RedisScripting {

  private final Supplier<@Nullable StatefulConnection<String, String>> connection;
  private final BiConsumer<Script, Throwable> failures;

  /** What the asking that runs in a pipeline wants to send. */
  private final ScopedValue<List<AsyncCommand<String, String, long[]>>> pipeline =
      ScopedValue.newInstance();

  /**
   * Runs scripts on whatever connection there is.
   *
   * @param connection the current connection, null while there is none
   * @param failures told of every failure, before the caller is
   */
  RedisScripting(
      Supplier<@Nullable StatefulConnection<String, String>> connection,
      BiConsumer<Script, Throwable> failures) {
    this.connection = connection;
    this.failures = failures;
  }

  /** The script's reply, a flat array of integers. */
  CompletionStage<long[]> run(Script script, List<String> keys, List<String> arguments) {
    StatefulConnection<String, String> current = connection.get();
    if (current == null) {
      return failed(
          script, new StoreUnavailableException(DegradedReason.CONNECTION, "no connection", null));
    }
    return dispatch(current, CommandType.EVALSHA, script.sha(), keys, arguments)
        .exceptionallyCompose(failure ->
            StoreFailures.unwrap(failure) instanceof RedisNoScriptException
                ? dispatch(current, CommandType.EVAL, script.source(), keys, arguments)
                : CompletableFuture.failedStage(failure))
        .exceptionallyCompose(failure -> failed(script, StoreFailures.classify(failure)));
  }

  /** As {@link io.ratelimiter.service.limiter.Pipelining} promises. */
  void pipeline(Runnable asking) {
    List<AsyncCommand<String, String, long[]>> commands = new ArrayList<>();
    try {
      ScopedValue.where(pipeline, commands).run(asking);
    } finally {
      // Empty but for one node: only asking that found its connection puts something here.
      if (!commands.isEmpty()
          && connection.get() instanceof StatefulRedisConnection<String, String> node) {
        var _ = node.dispatch(commands);
      }
    }
  }

  private <T> CompletionStage<T> failed(Script script, Throwable failure) {
    failures.accept(script, failure);
    return CompletableFuture.failedStage(failure);
  }

  private CompletionStage<long[]> dispatch(
      StatefulConnection<String, String> current,
      CommandType type,
      String script,
      List<String> keys,
      List<String> arguments) {
    CommandArgs<String, String> args =
        new CommandArgs<>(StringCodec.UTF8).add(script).add(keys.size()).addKeys(keys);
    for (String argument : arguments) {
      args.add(argument);
    }
    AsyncCommand<String, String, long[]> command =
        new AsyncCommand<>(new Command<>(type, new IntegersOutput(StringCodec.UTF8), args));
    // A cluster's client may wait for a node's connection when it is given several at once.
    if (pipeline.isBound() && current instanceof StatefulRedisConnection) {
      pipeline.get().add(command);
    } else {
      var _ = current.dispatch(command);
    }
    return command;
  }
}
