package io.ratelimiter.service.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * The first step of an orderly stop: goes on accepting for some seconds while every answer closes
 * its connection and readiness is denied, so that balancers have gone elsewhere before the port
 * closes.
 */
public final class Drain implements SmartLifecycle {

  private final Duration duration;
  private volatile boolean draining;
  private volatile boolean running;

  public Drain(Duration duration) {
    this.duration = duration;
  }

  /** Whether the service is about to stop. */
  public boolean active() {
    return draining;
  }

  @Override
  public void start() {
    running = true;
  }

  /** Blocks for as long as draining takes. */
  @Override
  public void stop() {
    draining = true;
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

  /** Before everything else stops, the web server included. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
