package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StageFailure;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.limiter.redis.connection.MonitoredConnection;
import io.ratelimiter.service.limiter.redis.connection.StoreCommand;
import io.ratelimiter.service.limiter.redis.reply.IntegersOutput;
import io.ratelimiter.service.limiter.redis.reply.MalformedReplyException;
import io.ratelimiter.service.limiter.redis.reply.StoreFailures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts with {@code EVALSHA}. When the store does not have the script, so that nothing ran,
 * it sends exactly one {@code EVAL}. When a cluster is moving the client's slot and its keys are on
 * two nodes, nothing ran either, and the command is repeated for up to half the timeout. Never
 * blocks; every failure is a {@link StoreUnavailableException}.
 */
final class RedisScripting {

  private static final Executor AFTER_5_MILLIS =
      CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, Runnable::run);

  /**
   * A call of a script.
   *
   * @param maxReply max length of the reply, integers
   * @param reader converts the reply; throws when it is malformed
   */
  private record Call<T>(
      Script script,
      List<String> keys,
      List<String> arguments,
      int maxReply,
      Function<long[], T> reader) {}

  private final Supplier<@Nullable MonitoredConnection> connection;
  private final long maxRepeatNanos;
  private final RedisMetrics metrics;

  /** The commands that a pipeline has collected, by their connection. */
  private final ScopedValue<Map<MonitoredConnection, List<StoreCommand<?>>>> pipeline =
      ScopedValue.newInstance();

  /**
   * Runs scripts on the current connection.
   *
   * @param connection the current connection, null while there is none
   * @param timeout timeout of one command, enforced by the connection
   * @param metrics notified of the duration of each call, and of each failure before the caller is
   */
  RedisScripting(
      Supplier<@Nullable MonitoredConnection> connection, Duration timeout, RedisMetrics metrics) {
    this.connection = connection;
    this.maxRepeatNanos = timeout.toNanos() / 2;
    this.metrics = metrics;
  }

  /**
   * Runs a script and returns its converted reply.
   *
   * @param maxReply max length of the reply, integers
   * @param reader converts the reply, a flat array of integers; any exception is a store failure
   */
  <T> CompletionStage<T> run(
      Script script,
      List<String> keys,
      List<String> arguments,
      int maxReply,
      Function<long[], T> reader) {
    long nowNanos = System.nanoTime();
    return attempt(new Call<>(script, keys, arguments, maxReply, reader), nowNanos, nowNanos)
        .exceptionallyCompose(failure -> failed(script, StoreFailures.classify(failure)));
  }

  /**
   * Reads the text under a key.
   *
   * @param operation the script for which it is read
   * @return empty when there is none
   */
  CompletionStage<Optional<String>> get(Script operation, String key) {
    MonitoredConnection current = connection.get();
    if (current == null) {
      return failed(operation, noConnection());
    }
    long sentNanos = System.nanoTime();
    StoreCommand<String> command =
        new StoreCommand<>(
            new Command<>(
                CommandType.GET,
                new ValueOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).addKey(key)));
    current.startTimeout(command);
    current.send(command);
    return command
        .whenComplete((_, failure) -> {
          metrics.ended(operation, System.nanoTime() - sentNanos);
          current.ended(failure);
        })
        .thenApply(Optional::ofNullable)
        .exceptionallyCompose(failure -> failed(operation, StoreFailures.classify(failure)));
  }

  private static StoreUnavailableException noConnection() {
    return new StoreUnavailableException(DegradedReason.CONNECTION, "no connection", null);
  }

  private <T> CompletionStage<T> attempt(Call<T> call, long startNanos, long sentNanos) {
    MonitoredConnection current = connection.get();
    if (current == null) {
      return CompletableFuture.failedStage(noConnection());
    }
    return send(current, CommandType.EVALSHA, call.script().sha(), call)
        .whenComplete((_, failure) -> {
          metrics.ended(call.script(), System.nanoTime() - sentNanos);
          current.ended(failure);
        })
        .exceptionallyCompose(failure -> repeat(current, call, startNanos, failure));
  }

  /** Repeats a call of which nothing ran; all others fail. */
  private <T> CompletionStage<T> repeat(
      MonitoredConnection current, Call<T> call, long startNanos, Throwable failure) {
    Throwable cause = StageFailure.causeOf(failure);
    if (cause instanceof RedisNoScriptException) {
      return send(current, CommandType.EVAL, call.script().source(), call)
          .whenComplete((_, evalFailure) -> current.ended(evalFailure));
    }
    if (StoreFailures.isSplitSlot(cause) && System.nanoTime() - startNanos < maxRepeatNanos) {
      return CompletableFuture.runAsync(() -> {}, AFTER_5_MILLIS)
          .thenCompose(_ -> attempt(call, startNanos, System.nanoTime()));
    }
    return CompletableFuture.failedStage(failure);
  }

  private <T> CompletionStage<T> failed(Script script, StoreUnavailableException failure) {
    metrics.failed(script, failure);
    return CompletableFuture.failedStage(failure);
  }

  /** As {@link io.ratelimiter.service.limiter.Pipelining#pipeline}. */
  void pipeline(Runnable checks) {
    Map<MonitoredConnection, List<StoreCommand<?>>> commands = new HashMap<>(2);
    try {
      ScopedValue.where(pipeline, commands).run(checks);
    } finally {
      commands.forEach(MonitoredConnection::send);
    }
  }

  private <T> CompletionStage<T> send(
      MonitoredConnection connection, CommandType type, String script, Call<T> call) {
    CommandArgs<String, String> args =
        new CommandArgs<>(StringCodec.UTF8)
            .add(script)
            .add(call.keys().size())
            .addKeys(call.keys());
    for (String argument : call.arguments()) {
      args.add(argument);
    }
    IntegersOutput output = new IntegersOutput(StringCodec.UTF8, call.maxReply());
    StoreCommand<long[]> command = new StoreCommand<>(new Command<>(type, output, args));
    // Before it is sent, so that the command ends even if sending fails.
    connection.startTimeout(command);
    if (pipeline.isBound() && connection.pipelines()) {
      pipeline.get().computeIfAbsent(connection, _ -> new ArrayList<>()).add(command);
    } else {
      connection.send(command);
    }
    return command.thenApply(reply -> read(reply, call));
  }

  private static <T> T read(long @Nullable [] reply, Call<T> call) {
    if (reply == null) {
      throw new MalformedReplyException(
          "the reply is not an array of the expected number of whole numbers");
    }
    try {
      return call.reader().apply(reply);
    } catch (ArithmeticException | IndexOutOfBoundsException e) {
      throw new MalformedReplyException("the reply's numbers are impossible: " + e);
    }
  }
}
