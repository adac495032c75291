package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.ratelimiter.service.limiter.redis.reply.FailureKind;
import io.ratelimiter.service.limiter.redis.reply.StoreFailures;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection for the store's commands, which counts consecutive failures. They show that the
 * connection is at fault though it is open: a host that fell silent or was demoted does not close
 * it. Thread-safe, never blocks.
 */
public final class MonitoredConnection {

  /**
   * After this many consecutive failures the connection is at fault; a pause of the store causes
   * fewer.
   */
  static final int MAX_CONSECUTIVE_FAILURES = 20;

  private final StatefulConnection<String, String> connection;
  private final Supplier<List<CompletionStage<String>>> info;
  private final LoopState loop;
  private final Consumer<MonitoredConnection> atFault;
  private final AtomicInteger consecutiveFailures = new AtomicInteger();

  /**
   * A connection without failures.
   *
   * @param loop state of the connection's event loop
   * @param atFault notified after every {@value #MAX_CONSECUTIVE_FAILURES} consecutive failures;
   *     must not block
   */
  MonitoredConnection(
      RedisClients.ClientConnection client, LoopState loop, Consumer<MonitoredConnection> atFault) {
    this.connection = client.connection();
    this.info = client.info();
    this.loop = loop;
    this.atFault = atFault;
  }

  /** Starts the timeout of a command that is about to be sent. */
  public void startTimeout(StoreCommand<?> command) {
    loop.deadlines().watch(command);
  }

  /** Sends a command; if the connection is closed, the command fails. */
  public void send(StoreCommand<?> command) {
    try {
      var _ = connection.dispatch(command);
    } catch (RuntimeException e) {
      command.completeExceptionally(e);
    }
  }

  /**
   * Whether several commands can be sent in one flush. Not to a cluster, whose client may wait for
   * a node's connection when it is given several commands.
   */
  public boolean pipelines() {
    return connection instanceof StatefulRedisConnection;
  }

  /** Sends commands in one flush; if the connection is closed, they fail. */
  public void send(List<? extends StoreCommand<?>> commands) {
    try {
      var _ = connection.dispatch(commands);
    } catch (RuntimeException e) {
      commands.forEach(command -> command.completeExceptionally(e));
    }
  }

  /**
   * Counts the end of a command.
   *
   * @param failure null when the store answered
   */
  public void ended(@Nullable Throwable failure) {
    if (failure == null) {
      // Read first, since a write by each command would make the loops contend.
      if (consecutiveFailures.get() != 0) {
        consecutiveFailures.set(0);
      }
    } else if (StoreFailures.kind(failure) == FailureKind.MALFORMED) {
      // Later replies could be assigned to the wrong commands.
      loop.closeChannels();
    } else if (StoreFailures.isConnectionAtFault(failure)
        && consecutiveFailures.incrementAndGet() % MAX_CONSECUTIVE_FAILURES == 0) {
      atFault.accept(this);
    }
  }

  /** Whether the last command that counts failed. */
  boolean isFailing() {
    return consecutiveFailures.get() > 0;
  }

  /** Whether it is connected now. */
  public boolean open() {
    return connection.isOpen();
  }

  /** As {@link RedisClients.ClientConnection#info}. */
  public List<CompletionStage<String>> info() {
    return info.get();
  }

  /** Whether this is the monitored connection. */
  boolean monitors(Object other) {
    return other.equals(connection);
  }

  /** Closes the connection without waiting. */
  void close() {
    var _ = connection.closeAsync();
  }
}
