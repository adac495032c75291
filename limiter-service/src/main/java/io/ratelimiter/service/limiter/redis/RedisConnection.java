package io.ratelimiter.service.limiter.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.resource.ClientResources;
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
 * A connection to the store, pipelined by many checks. It is made in the background and again
 * whenever it breaks; the scripts are loaded each time. Nothing is ever sent twice: commands are
 * refused while there is no connection, and what was under way when it broke is not replayed.
 */
final class RedisConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RedisConnection.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
  private static final Duration RECONNECT_AFTER = Duration.ofMillis(250);

  /** Bounds what piles up behind a store that hangs, until the breaker opens. */
  private static final int MAX_PENDING = 20_000;

  private final ClientResources resources;
  private final RedisClients clients;
  private final Scripts scripts;
  private final Lane lane;
  private final Runnable onConnected;
  private volatile @Nullable UsedLink link;
  private final AtomicBoolean replacing = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean warned;

  /**
   * A connection that is not opened yet.
   *
   * @param lane state of the event loop that the resources provide
   * @param onConnected notified of every connection and reconnection; must not block
   */
  RedisConnection(
      RedisProperties properties,
      Scripts scripts,
      ClientResources resources,
      Lane lane,
      Runnable onConnected) {
    this.scripts = scripts;
    this.resources = resources;
    this.lane = lane;
    this.onConnected = onConnected;
    this.clients = clients(properties.uris(), options(properties.handshakeTimeout()));
    clients.onConnected(new ScriptLoading());
  }

  private RedisClients clients(List<RedisURI> uris, ClientOptions options) {
    return uris.size() == 1
        ? new NodeClients(resources, uris.getFirst(), options)
        : new ClusterClients(resources, uris, options);
  }

  private static ClientOptions options(Duration timeout) {
    return ClientOptions.builder()
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        // Every command that was under way is filtered out of the replay: at most once.
        .replayFilter(_ -> true)
        .requestQueueSize(MAX_PENDING)
        .timeoutOptions(TimeoutOptions.builder().timeoutSource(new BesideScripts(timeout)).build())
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

  /** Begins to connect; does not wait. */
  void start() {
    var _ = clients.connect().whenComplete(this::connected);
  }

  private void connected(RedisClients.@Nullable Link made, @Nullable Throwable failure) {
    if (made != null) {
      link = use(made);
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

  /** Tries once to make another connection in place of the present one, if there is one. */
  void replace() {
    UsedLink present = link;
    if (present != null) {
      var _ = replace(present, () -> true);
    }
  }

  private UsedLink use(RedisClients.Link made) {
    return new UsedLink(made, lane, this::replaceUseless);
  }

  private void replaceUseless(UsedLink useless) {
    if (replace(useless, useless::isUseless)) {
      log.warn("A connection to Redis brings no answer of use: another one is being made");
    }
  }

  /** Whether that was begun, and not under way already. */
  private boolean replace(UsedLink present, BooleanSupplier wanted) {
    if (closed || link != present || !replacing.compareAndSet(false, true)) {
      return false;
    }
    var _ =
        clients
            .connect()
            .whenComplete((made, _) -> {
              if (made != null) {
                exchange(present, made, wanted.getAsBoolean());
              }
              replacing.set(false);
            });
    return true;
  }

  /** One that was of use meanwhile stays: closing it would cut off what it carries. */
  private void exchange(UsedLink present, RedisClients.Link made, boolean wanted) {
    if (wanted) {
      link = use(made);
      present.close();
      log.info("Connected to Redis anew");
      onConnected.run();
    } else {
      made.close().run();
    }
  }

  private void warnOnce(Throwable failure) {
    if (!warned) {
      warned = true;
      Throwable cause = StoreFailures.unwrap(failure);
      Throwable root = cause.getCause() == null ? cause : cause.getCause();
      log.warn(
          "Redis cannot be reached, retrying: {}: {}",
          root.getClass().getSimpleName(),
          StoreFailures.text(root));
    }
  }

  /** The connection, null before the first one was made. */
  @Nullable UsedLink current() {
    return link;
  }

  boolean connected() {
    UsedLink current = link;
    return current != null && current.open();
  }

  @Override
  public void close() {
    closed = true;
    clients.close();
  }

  /**
   * A store that restarted knows no script; without this the first check of each would be sent
   * whole.
   */
  private final class ScriptLoading implements RedisConnectionStateListener {
    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
      if (handler instanceof StatefulRedisConnection<?, ?> made) {
        RedisAsyncCommands<?, ?> commands = made.async();
        for (Script script : scripts.all()) {
          // When it fails, the first check of the script finds that out and sends it whole.
          var _ = commands.scriptLoad(script.source());
        }
      }
      UsedLink current = link;
      if (current != null && handler.equals(current.connection())) {
        onConnected.run();
      }
    }
  }
}
