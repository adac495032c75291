package io.ratelimiter.service.limiter;

/**
 * What a caller asks: may this client take {@code cost} units of this limit key now?
 *
 * @param tenant whose rules apply
 * @param clientId who asks
 * @param limitKey the endpoint or resource
 * @param cost units to take, 0…1 000 000; 0 looks without taking
 */
public record Check(String tenant, String clientId, String limitKey, long cost) {

  /** Largest cost of one check, units. */
  public static final long MAX_COST = 1_000_000;

  public Check {
    if (cost < 0 || cost > MAX_COST) {
      throw new IllegalArgumentException("cost must be 0 to " + MAX_COST + ", not " + cost);
    }
  }

  /** Whether this only looks. */
  public boolean peek() {
    return cost == 0;
  }
}
