package io.ratelimiter.service.api;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether the service is about to stop. It still accepts requests, but every answer closes its
 * connection and readiness reports 503, so that load balancers use other instances before the port
 * closes.
 */
public final class Drain {

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean active;

  /** Whether the service is about to stop. */
  public boolean active() {
    return active;
  }

  /**
   * Adds a listener.
   *
   * @param listener runs once, when {@link #active} has become true; must not block
   */
  public void onBegin(Runnable listener) {
    listeners.add(listener);
  }

  void begin() {
    active = true;
    listeners.forEach(Runnable::run);
  }
}
