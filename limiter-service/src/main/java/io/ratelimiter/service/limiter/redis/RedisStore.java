package io.ratelimiter.service.limiter.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.EvictionStatus;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Pipelining;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The store as the service uses it: connections with the life of the application, and what runs on
 * them.
 */
public final class RedisStore implements SmartLifecycle {

  private static final Duration LOOK_AT_EVICTION_EVERY = Duration.ofMinutes(1);

  private final EventLoopGroup loops;
  private final LoopConnections connections;
  private final EvictionWatch eviction;
  private final RedisScripting scripting;
  private final RedisLimiter limiter;
  private volatile @Nullable Future<?> looks;
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
    connections = new LoopConnections(properties, scripts, loops, metrics, this::lookAtEviction);
    eviction = new EvictionWatch(connections::current);
    metrics.available(connections::connected);
    metrics.eviction(eviction);
    scripting = new RedisScripting(connections::current, properties.timeout(), metrics);
    limiter = new RedisLimiter(scripting, scripts, StoreClock.OF_SERVER, metrics::foreignKey);
  }

  /** Decides in the store; fails with {@code StoreUnavailableException} when it does not answer. */
  public Limiter limiter() {
    return limiter;
  }

  /** Changes what is counted in the store. */
  public Counters counters() {
    return limiter;
  }

  /** Sends several checks together. */
  public Pipelining pipelining() {
    return scripting::pipeline;
  }

  /** Whether the store evicts. */
  public EvictionStatus eviction() {
    return eviction;
  }

  private void lookAtEviction() {
    eviction.look();
  }

  /**
   * Connects anew, in the background, and keeps the present connections until that has succeeded: a
   * host that fell silent leaves connections that nobody ever closes, and one that was demoted
   * leaves them open.
   */
  public void reconnect() {
    connections.replace();
  }

  /** Whether every connection is there now. */
  public boolean connected() {
    return connections.connected();
  }

  @Override
  public void start() {
    running = true;
    connections.start();
    long everyMillis = LOOK_AT_EVICTION_EVERY.toMillis();
    looks =
        loops
            .next()
            .scheduleWithFixedDelay(
                eviction::look, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    running = false;
    if (looks != null) {
      looks.cancel(false);
    }
    connections.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server, and stopped after it. */
  @Override
  public int getPhase() {
    return 0;
  }
}
