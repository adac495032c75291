package io.ratelimiter.service.api;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * The first step of an orderly stop: drains for some seconds. Apart from {@link Drain}, because
 * Spring stops whatever depends on a bean before the bean, and those are the edges.
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

  /** Blocks for as long as draining takes. */
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

  /** Before everything else stops, the web server included. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
