package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

  /**
   * A script's call.
   *
   * @param maxReply longest reply, integers
   * @param reading converts the reply; throws when it is malformed
   */
  private record Call<T>(
      Script script,
      List<String> keys,
      List<String> arguments,
      int maxReply,
      Function<long[], T> reading) {}

  private final Supplier<@Nullable UsedLink> connection;
  private final long patienceNanos;
  private final ScriptCalls calls;

  /** The commands that a pipeline has collected, by their connection. */
  private final ScopedValue<Map<UsedLink, List<ScriptCommand>>> pipeline =
      ScopedValue.newInstance();

  /**
   * Runs scripts on whatever connection there is.
   *
   * @param connection the current connection, null while there is none
   * @param timeout timeout of one command, enforced by the connection's {@link Deadlines}
   * @param calls notified of every failure, before the caller is, and of the duration of each call
   */
  RedisScripting(Supplier<@Nullable UsedLink> connection, Duration timeout, ScriptCalls calls) {
    this.connection = connection;
    this.patienceNanos = timeout.toNanos() / 2;
    this.calls = calls;
  }

  /**
   * Runs a script and returns its converted reply.
   *
   * @param maxReply longest reply, integers
   * @param reading converts the reply, a flat array of integers; any exception is a store failure
   */
  <T> CompletionStage<T> run(
      Script script,
      List<String> keys,
      List<String> arguments,
      int maxReply,
      Function<long[], T> reading) {
    return attempt(new Call<>(script, keys, arguments, maxReply, reading), System.nanoTime())
        .exceptionallyCompose(failure -> failed(script, StoreFailures.classify(failure)));
  }

  private <T> CompletionStage<T> attempt(Call<T> call, long startNanos) {
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

  private <T> CompletionStage<T> again(
      UsedLink current, Call<T> call, long startNanos, Throwable failure) {
    Throwable cause = StoreFailures.unwrap(failure);
    if (cause instanceof RedisNoScriptException) {
      String source = call.script().source();
      return dispatch(current, CommandType.EVAL, source, call)
          .whenComplete((_, ofWhole) -> current.ended(ofWhole));
    }
    if (StoreFailures.isSplitSlot(cause) && System.nanoTime() - startNanos < patienceNanos) {
      return CompletableFuture.runAsync(() -> {}, LATER)
          .thenCompose(_ -> attempt(call, startNanos));
    }
    return CompletableFuture.failedStage(failure);
  }

  private <T> CompletionStage<T> failed(Script script, StoreUnavailableException failure) {
    calls.failed(script, failure);
    return CompletableFuture.failedStage(failure);
  }

  /** As {@link io.ratelimiter.service.limiter.Pipelining} promises. */
  void pipeline(Runnable asking) {
    Map<UsedLink, List<ScriptCommand>> commands = new HashMap<>(2);
    try {
      ScopedValue.where(pipeline, commands).run(asking);
    } finally {
      commands.forEach(RedisScripting::send);
    }
  }

  /** If the connection was closed meanwhile, the commands fail. */
  private static void send(UsedLink link, List<ScriptCommand> commands) {
    try {
      // All collected commands are for one node.
      var _ = ((StatefulRedisConnection<String, String>) link.connection()).dispatch(commands);
    } catch (RuntimeException e) {
      commands.forEach(command -> command.completeExceptionally(e));
    }
  }

  private <T> CompletionStage<T> dispatch(
      UsedLink link, CommandType type, String script, Call<T> call) {
    CommandArgs<String, String> args =
        new CommandArgs<>(StringCodec.UTF8)
            .add(script)
            .add(call.keys().size())
            .addKeys(call.keys());
    for (String argument : call.arguments()) {
      args.add(argument);
    }
    IntegersOutput output = new IntegersOutput(StringCodec.UTF8, call.maxReply());
    ScriptCommand command = new ScriptCommand(new Command<>(type, output, args));
    // Registered before it is sent, so that the command ends even if sending fails.
    link.deadlines().watch(command);
    send(link, command);
    return command.thenApply(reply -> read(reply, call));
  }

  private void send(UsedLink link, ScriptCommand command) {
    // A cluster's client may wait for a node's connection when it is given several at once.
    if (pipeline.isBound() && link.connection() instanceof StatefulRedisConnection) {
      pipeline.get().computeIfAbsent(link, _ -> new ArrayList<>()).add(command);
      return;
    }
    try {
      var _ = link.connection().dispatch(command);
    } catch (RuntimeException e) {
      command.completeExceptionally(e);
    }
  }

  private static <T> T read(long @Nullable [] reply, Call<T> call) {
    if (reply == null) {
      throw new MalformedReplyException(
          "the reply is not an array of the expected number of whole numbers");
    }
    try {
      return call.reading().apply(reply);
    } catch (ArithmeticException | IndexOutOfBoundsException e) {
      throw new MalformedReplyException("the reply's numbers are impossible: " + e);
    }
  }
}
