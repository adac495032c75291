package io.ratelimiter.service.limiter;

import org.jspecify.annotations.Nullable;

/**
 * Whether the store may evict counters to make room, which resets limits without any error.
 *
 * @param state the state as of the last query
 * @param policy the store's {@code maxmemory-policy}; null while unknown
 * @param evictedKeys keys that the store has evicted since it started, including those of other
 *     applications
 * @param unknown why the state is unknown; null unless it is
 */
public record Eviction(
    State state, @Nullable String policy, long evictedKeys, @Nullable String unknown) {

  public enum State {
    /** The store refuses writes when it is full, or has no memory bound. */
    NONE("none"),
    /** The store has a memory bound and a policy that evicts. */
    EVICTING("evicting"),
    /** The store has not been queried yet, or did not answer. */
    UNKNOWN("unknown");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /** An unknown state, for this reason. */
  public static Eviction unknown(String why) {
    return new Eviction(State.UNKNOWN, null, 0, why);
  }
}
