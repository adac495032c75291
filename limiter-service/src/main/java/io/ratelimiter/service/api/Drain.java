package io.ratelimiter.service.api;

/**
 * Whether the service is about to stop. It still accepts requests, but every answer closes its
 * connection and readiness reports 503, so that load balancers use other instances before the port
 * closes.
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
