package io.ratelimiter.service.api;

/**
 * Whether the service is about to stop: it still accepts, but every answer closes its connection
 * and readiness is denied, so that balancers have gone elsewhere before the port closes.
 */
public final class Drain {

  private volatile boolean active;

  /** Whether the service is about to stop. */
  public boolean active() {
    return active;
  }

  void begin() {
    active = true;
  }
}
