package io.ratelimiter.service.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * The first step of an orderly stop: drains for some seconds. Separate from {@link Drain}, because
 * Spring stops the beans that depend on a bean first, and the front door depends on the drain.
 */
public final class DrainBeforeStop implements SmartLifecycle {

  private final Drain drain;
  private final Duration duration;
  private volatile boolean running;

  public DrainBeforeStop(Drain drain, Duration duration) {
    this.drain = drain;
    this.duration = duration;
  }

  @Override
  public void start() {
    running = true;
  }

  /** Starts to drain and blocks for the whole duration. */
  @Override
  public void stop() {
    drain.begin();
    running = false;
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops before everything else, the front door included. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
