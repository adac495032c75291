package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Matchable;
import io.ratelimiter.service.rules.Priority;

/**
 * A request to take {@code cost} units of a limit key for a client now.
 *
 * @param tenant the tenant whose rules apply
 * @param clientId the client that is limited
 * @param limitKey the endpoint or resource
 * @param attributes that rules match and count by, beside client id and limit key
 * @param cost units to take, 0…1 000 000; 0 evaluates without taking
 * @param options how the cost may be spent
 */
public record Check(
    String tenant,
    String clientId,
    String limitKey,
    Attributes attributes,
    long cost,
    CheckOptions options)
    implements Matchable {

  /** Max cost of one check, units. */
  public static final long MAX_COST = 1_000_000;

  public Check {
    if (cost < 0 || cost > MAX_COST) {
      throw new IllegalArgumentException("cost must be 0 to " + MAX_COST + ", not " + cost);
    }
  }

  /** A check with the default options. */
  public Check(String tenant, String clientId, String limitKey, Attributes attributes, long cost) {
    this(tenant, clientId, limitKey, attributes, cost, CheckOptions.DEFAULT);
  }

  /** A check without attributes, with the default options. */
  public Check(String tenant, String clientId, String limitKey, long cost) {
    this(tenant, clientId, limitKey, Attributes.NONE, cost);
  }

  /** This check with other options. */
  public Check with(CheckOptions other) {
    return new Check(tenant, clientId, limitKey, attributes, cost, other);
  }

  /** The priority of the check. */
  public Priority priority() {
    return options.priority();
  }

  /** A hash of tenant and client, spread so that its low bits alone distribute clients. */
  public int clientHash() {
    return spread(31 * tenant.hashCode() + clientId.hashCode());
  }

  /** A hash of the tenant, spread in the same way. */
  public int tenantHash() {
    return spread(tenant.hashCode());
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 16);
  }

  /** Whether the check takes nothing. */
  public boolean peek() {
    return cost == 0;
  }
}
