package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts: {@code EVALSHA}, and where the store does not know the script, which means that
 * nothing ran, exactly one {@code EVAL}. A cluster that finds a client's keys on two nodes, because
 * their slot is being moved, runs nothing either: it is asked again for half the timeout. Never
 * blocks; every failure to answer is a {@link StoreUnavailableException}.
 */
final class RedisScripting {

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, Runnable::run);

  private record Call(Script script, List<String> keys, List<String> arguments) {}

  private final Supplier<@Nullable BaseRedisAsyncCommands<String, String>> connection;
  private final long patienceNanos;
  private final BiConsumer<Script, Throwable> failures;

  /**
   * Runs scripts on whatever connection there is.
   *
   * @param connection the commands of the current connection, null while there is none
   * @param timeout of one command, which the connection itself watches
   * @param failures told of every failure, before the caller is
   */
  RedisScripting(
      Supplier<@Nullable BaseRedisAsyncCommands<String, String>> connection,
      Duration timeout,
      BiConsumer<Script, Throwable> failures) {
    this.connection = connection;
    this.patienceNanos = timeout.toNanos() / 2;
    this.failures = failures;
  }

  /** The script's reply, a flat array of integers. */
  CompletionStage<long[]> run(Script script, List<String> keys, List<String> arguments) {
    return attempt(new Call(script, keys, arguments), System.nanoTime())
        .exceptionallyCompose(failure -> failed(script, StoreFailures.classify(failure)));
  }

  private CompletionStage<long[]> attempt(Call call, long startNanos) {
    BaseRedisAsyncCommands<String, String> commands = connection.get();
    if (commands == null) {
      return CompletableFuture.failedStage(
          new StoreUnavailableException(DegradedReason.CONNECTION, "no connection", null));
    }
    return dispatch(commands, CommandType.EVALSHA, call.script().sha(), call)
        .exceptionallyCompose(failure -> again(commands, call, startNanos, failure));
  }

  private CompletionStage<long[]> again(
      BaseRedisAsyncCommands<String, String> commands,
      Call call,
      long startNanos,
      Throwable failure) {
    Throwable cause = StoreFailures.unwrap(failure);
    if (cause instanceof RedisNoScriptException) {
      return dispatch(commands, CommandType.EVAL, call.script().source(), call);
    }
    if (StoreFailures.isSplitSlot(cause) && System.nanoTime() - startNanos < patienceNanos) {
      return CompletableFuture.runAsync(() -> {}, LATER)
          .thenCompose(_ -> attempt(call, startNanos));
    }
    return CompletableFuture.failedStage(failure);
  }

  private <T> CompletionStage<T> failed(Script script, Throwable failure) {
    failures.accept(script, failure);
    return CompletableFuture.failedStage(failure);
  }

  private static CompletionStage<long[]> dispatch(
      BaseRedisAsyncCommands<String, String> commands,
      CommandType command,
      String script,
      Call call) {
    CommandArgs<String, String> args =
        new CommandArgs<>(StringCodec.UTF8)
            .add(script)
            .add(call.keys().size())
            .addKeys(call.keys());
    for (String argument : call.arguments()) {
      args.add(argument);
    }
    return commands.dispatch(command, new IntegersOutput(StringCodec.UTF8), args);
  }
}
