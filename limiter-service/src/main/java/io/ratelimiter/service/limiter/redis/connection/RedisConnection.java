package io.ratelimiter.service.limiter.redis.connection;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.TimeoutOptions.TimeoutSource;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.ratelimiter.service.limiter.StageFailure;
import io.ratelimiter.service.limiter.redis.reply.StoreFailures;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the store, pipelined by many checks. It is opened in the background, reopened
 * whenever it breaks, and the scripts are loaded each time. No command is sent twice: commands are
 * refused while there is no connection, and those in flight when it breaks are not replayed.
 */
final class RedisConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisConnection.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
  private static final Duration RECONNECT_AFTER = Duration.ofMillis(250);

  /** Max commands in flight to a store that hangs, until the breaker opens. */
  private static final int MAX_PENDING = 20_000;

  private final ClientResources resources;
  private final RedisClients clients;
  private final List<String> scripts;
  private final LoopState loop;
  private final Runnable onConnected;
  private volatile @Nullable MonitoredConnection current;
  private final AtomicBoolean replacing = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean warned;

  /**
   * A connection that is not opened yet.
   *
   * @param scripts the texts of the scripts to load
   * @param loop state of the event loop that the resources provide
   * @param onConnected notified of every connection and reconnection; must not block
   */
  RedisConnection(
      RedisProperties properties,
      List<String> scripts,
      ClientResources resources,
      LoopState loop,
      Runnable onConnected) {
    this.scripts = scripts;
    this.resources = resources;
    this.loop = loop;
    this.onConnected = onConnected;
    this.clients = clients(properties.uris(), options(properties.handshakeTimeout()));
    clients.client().addListener(new ScriptLoading());
  }

  private RedisClients clients(List<RedisURI> uris, ClientOptions options) {
    return uris.size() == 1
        ? new NodeClients(resources, uris.getFirst(), options)
        : new ClusterClients(resources, uris, options);
  }

  private static ClientOptions options(Duration timeout) {
    return ClientOptions.builder()
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        // Filters every command in flight out of the replay, so that each runs at most once.
        .replayFilter(_ -> true)
        .requestQueueSize(MAX_PENDING)
        .timeoutOptions(TimeoutOptions.builder().timeoutSource(exceptScripts(timeout)).build())
        // Replies without a command are refused, so no push messages are requested.
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .keepAlive(true)
                .tcpNoDelay(true)
                .build())
        .build();
  }

  /** The timeout of all commands except scripts, whose timeout {@link Deadlines} enforces. */
  private static TimeoutSource exceptScripts(Duration timeout) {
    return new TimeoutSource() {
      @Override
      public long getTimeout(@Nullable RedisCommand<?, ?, ?> command) {
        ProtocolKeyword type = command == null ? null : command.getType();
        boolean script = type == CommandType.EVALSHA || type == CommandType.EVAL;
        return script ? 0 : timeout.toMillis();
      }
    };
  }

  /** Starts to connect; does not wait. */
  void start() {
    var _ = clients.connect().whenComplete(this::connected);
  }

  private void connected(
      RedisClients.@Nullable ClientConnection opened, @Nullable Throwable failure) {
    if (opened != null) {
      current = monitored(opened);
      log.info("Connected to Redis");
      onConnected.run();
    } else if (failure != null && !closed) {
      warnOnce(failure);
      var _ =
          resources
              .eventExecutorGroup()
              .schedule(this::start, RECONNECT_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private MonitoredConnection monitored(RedisClients.ClientConnection opened) {
    return new MonitoredConnection(opened, loop, this::replaceAtFault);
  }

  /** Tries once to replace the current connection, if there is one, by a new one. */
  void replace() {
    MonitoredConnection replaced = current;
    if (replaced != null) {
      var _ = replace(replaced, () -> true);
    }
  }

  private void replaceAtFault(MonitoredConnection atFault) {
    if (replace(atFault, atFault::isFailing)) {
      log.warn("A connection to Redis is open but commands fail on it: replacing it");
    }
  }

  /** Opens a new connection unless one is being opened; returns whether it does. */
  private boolean replace(MonitoredConnection replaced, BooleanSupplier wanted) {
    if (closed || current != replaced || !replacing.compareAndSet(false, true)) {
      return false;
    }
    var _ =
        clients
            .connect()
            .whenComplete((opened, _) -> {
              if (opened != null) {
                exchange(replaced, opened, wanted.getAsBoolean());
              }
              replacing.set(false);
            });
    return true;
  }

  /** A connection that works again is kept: closing it would fail the commands in flight. */
  private void exchange(
      MonitoredConnection replaced, RedisClients.ClientConnection opened, boolean wanted) {
    if (wanted) {
      current = monitored(opened);
      replaced.close();
      log.info("Replaced a connection to Redis");
      onConnected.run();
    } else {
      var _ = opened.connection().closeAsync();
    }
  }

  private void warnOnce(Throwable failure) {
    if (!warned) {
      warned = true;
      Throwable cause = StageFailure.causeOf(failure);
      Throwable root = cause.getCause() == null ? cause : cause.getCause();
      log.warn(
          "Redis cannot be reached, retrying: {}: {}",
          root.getClass().getSimpleName(),
          StoreFailures.text(root));
    }
  }

  /** The connection; null until it was first opened. */
  @Nullable MonitoredConnection current() {
    return current;
  }

  /** Whether the current thread is that of its event loop. */
  boolean isOnThisThread() {
    return loop.loop().inEventLoop();
  }

  /** The resources of its event loop, to be shut down after all connections are closed. */
  ClientResources resources() {
    return resources;
  }

  boolean connected() {
    MonitoredConnection connection = current;
    return connection != null && connection.open();
  }

  @Override
  public void close() {
    closed = true;
    clients.client().shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }

  /**
   * Loads the scripts on each connection: after a restart Redis has none, and the first check of
   * each script would have to send its text.
   */
  private final class ScriptLoading implements RedisConnectionStateListener {
    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
      if (handler instanceof StatefulRedisConnection<?, ?> connection) {
        RedisAsyncCommands<?, ?> commands = connection.async();
        for (String script : scripts) {
          // If it fails, the first check of the script gets NOSCRIPT and sends the text.
          var _ = commands.scriptLoad(script);
        }
      }
      MonitoredConnection monitored = current;
      if (monitored != null && monitored.monitors(handler)) {
        onConnected.run();
      }
    }
  }
}
