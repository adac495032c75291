package io.ratelimiter.service.limiter.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.Limiter;
import org.springframework.context.SmartLifecycle;

/**
 * The store as the service uses it: a connection with the life of the application, and what runs on
 * it.
 */
public final class RedisStore implements SmartLifecycle {

  private final RedisConnection connection;
  private final RedisLimiter limiter;
  private volatile boolean running;

  public RedisStore(RedisProperties properties, MeterRegistry registry) {
    Scripts scripts = new Scripts();
    RedisMetrics metrics = new RedisMetrics(registry);
    connection = new RedisConnection(properties, scripts);
    metrics.available(connection::connected);
    limiter =
        new RedisLimiter(
            new RedisScripting(connection::commands, metrics),
            scripts,
            StoreClock.OF_SERVER,
            metrics::foreignKey);
  }

  /** Decides in the store; fails with {@code StoreUnavailableException} when it does not answer. */
  public Limiter limiter() {
    return limiter;
  }

  /** Changes what is counted in the store. */
  public Counters counters() {
    return limiter;
  }

  /** Whether there is a connection now. */
  public boolean connected() {
    return connection.connected();
  }

  @Override
  public void start() {
    running = true;
    connection.start();
  }

  @Override
  public void stop() {
    running = false;
    connection.close();
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
