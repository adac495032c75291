package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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

  private final Supplier<@Nullable UsedLink> connection;
  private final long patienceNanos;
  private final ScriptCalls calls;

  /** What the asking that runs in a pipeline wants to send. */
  private final ScopedValue<List<AsyncCommand<String, String, long[]>>> pipeline =
      ScopedValue.newInstance();

  /**
   * Runs scripts on whatever connection there is.
   *
   * @param connection the current connection, null while there is none
   * @param timeout of one command, which the connection itself watches
   * @param calls told of every failure, before the caller is, and how long each call took
   */
  RedisScripting(Supplier<@Nullable UsedLink> connection, Duration timeout, ScriptCalls calls) {
    this.connection = connection;
    this.patienceNanos = timeout.toNanos() / 2;
    this.calls = calls;
  }

  /** The script's reply, a flat array of integers. */
  CompletionStage<long[]> run(Script script, List<String> keys, List<String> arguments) {
    return attempt(new Call(script, keys, arguments), System.nanoTime())
        .exceptionallyCompose(failure -> failed(script, StoreFailures.classify(failure)));
  }

  private CompletionStage<long[]> attempt(Call call, long startNanos) {
    UsedLink current = connection.get();
    if (current == null) {
      return CompletableFuture.failedStage(
          new StoreUnavailableException(DegradedReason.CONNECTION, "no connection", null));
    }
    long sentNanos = System.nanoTime();
    return dispatch(current, CommandType.EVALSHA, call.script().sha(), call)
        .whenComplete((_, failure) -> {
          calls.ended(call.script(), System.nanoTime() - sentNanos);
          current.ended(failure);
        })
        .exceptionallyCompose(failure -> again(current, call, startNanos, failure));
  }

  private CompletionStage<long[]> again(
      UsedLink current, Call call, long startNanos, Throwable failure) {
    Throwable cause = StoreFailures.unwrap(failure);
    if (cause instanceof RedisNoScriptException) {
      return dispatch(current, CommandType.EVAL, call.script().source(), call)
          .whenComplete((_, ofWhole) -> current.ended(ofWhole));
    }
    if (StoreFailures.isSplitSlot(cause) && System.nanoTime() - startNanos < patienceNanos) {
      return CompletableFuture.runAsync(() -> {}, LATER)
          .thenCompose(_ -> attempt(call, startNanos));
    }
    return CompletableFuture.failedStage(failure);
  }

  /** As {@link io.ratelimiter.service.limiter.Pipelining} promises. */
  void pipeline(Runnable asking) {
    List<AsyncCommand<String, String, long[]>> commands = new ArrayList<>();
    try {
      ScopedValue.where(pipeline, commands).run(asking);
    } finally {
      send(commands);
    }
  }

  private void send(List<AsyncCommand<String, String, long[]>> commands) {
    UsedLink current = connection.get();
    // Empty but for one node: only asking that found its connection puts something here.
    if (!commands.isEmpty()
        && current != null
        && current.connection() instanceof StatefulRedisConnection<String, String> node) {
      var _ = node.dispatch(commands);
    }
  }

  private <T> CompletionStage<T> failed(Script script, Throwable failure) {
    calls.failed(script, failure);
    return CompletableFuture.failedStage(failure);
  }

  private CompletionStage<long[]> dispatch(
      UsedLink current, CommandType type, String script, Call call) {
    CommandArgs<String, String> args =
        new CommandArgs<>(StringCodec.UTF8)
            .add(script)
            .add(call.keys().size())
            .addKeys(call.keys());
    for (String argument : call.arguments()) {
      args.add(argument);
    }
    AsyncCommand<String, String, long[]> command =
        new AsyncCommand<>(new Command<>(type, new IntegersOutput(StringCodec.UTF8), args));
    // A cluster's client may wait for a node's connection when it is given several at once.
    if (pipeline.isBound() && current.connection() instanceof StatefulRedisConnection) {
      pipeline.get().add(command);
    } else {
      var _ = current.connection().dispatch(command);
    }
    return command;
  }
}
