package io.ratelimiter.service.limiter.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Pipelining;
import io.ratelimiter.service.limiter.redis.connection.LoopConnections;
import io.ratelimiter.service.limiter.redis.connection.RedisProperties;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** The store of this application: its connections, opened and closed with it, and their use. */
public final class RedisStore implements SmartLifecycle {

  private static final Duration EVICTION_QUERY_PERIOD = Duration.ofMinutes(1);

  private final EventLoopGroup loops;
  private final LoopConnections connections;
  private final EvictionWatch eviction;
  private final RedisScripting scripting;
  private final RedisLimiter limiter;
  private volatile @Nullable Future<?> evictionQueries;
  private volatile boolean running;

  /**
   * A store that is not connected yet.
   *
   * @param loops each gets a connection of its own; they must outlive the store
   */
  public RedisStore(RedisProperties properties, MeterRegistry registry, EventLoopGroup loops) {
    Scripts scripts = new Scripts();
    RedisMetrics metrics = new RedisMetrics(registry);
    this.loops = loops;
    connections =
        new LoopConnections(properties, scripts.sources(), loops, metrics, this::queryEviction);
    eviction = new EvictionWatch(connections::current);
    metrics.available(connections::connected);
    metrics.eviction(eviction);
    scripting = new RedisScripting(connections::current, properties.timeout(), metrics);
    limiter =
        new RedisLimiter(
            scripting,
            scripts,
            properties.placement(),
            RedisLimiter.SERVER_CLOCK,
            metrics::foreignKey);
  }

  /**
   * Decides in the store; fails with {@link
   * io.ratelimiter.service.limiter.StoreUnavailableException} when the store does not answer.
   */
  public Limiter limiter() {
    return limiter;
  }

  /** Refunds, resets and settlements in the store. */
  public Counters counters() {
    return limiter;
  }

  /** Sends several checks together. */
  public Pipelining pipelining() {
    return scripting::pipeline;
  }

  /** Whether the store evicts keys. */
  public EvictionStatus eviction() {
    return eviction;
  }

  private void queryEviction() {
    eviction.query();
  }

  /**
   * Opens new connections in the background and closes the present ones once that has succeeded. A
   * host that fell silent or was demoted does not close its connections.
   */
  public void reconnect() {
    connections.replace();
  }

  /** Whether all connections are connected now. */
  public boolean connected() {
    return connections.connected();
  }

  @Override
  public void start() {
    running = true;
    connections.start();
    long periodMillis = EVICTION_QUERY_PERIOD.toMillis();
    evictionQueries =
        loops
            .next()
            .scheduleWithFixedDelay(
                eviction::query, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    running = false;
    if (evictionQueries != null) {
      evictionQueries.cancel(false);
    }
    connections.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Started before the web server, and stopped after it. */
  @Override
  public int getPhase() {
    return 0;
  }
}
