package io.ratelimiter.service.limiter;

import org.jspecify.annotations.Nullable;

/**
 * Whether the store may drop counters to make room, which resets limits without any error.
 *
 * @param state what the last look found
 * @param policy the store's {@code maxmemory-policy}; null while unknown
 * @param evictedKeys keys that the store has evicted since it started, those of other users
 *     included
 * @param unknown why nothing is known; null unless the state is unknown
 */
public record Eviction(
    State state, @Nullable String policy, long evictedKeys, @Nullable String unknown) {

  /** What is known. */
  public enum State {
    /** The store refuses writes when it is full, or has no memory bound. */
    NONE("none"),
    /** The store has a memory bound and a policy that evicts. */
    EVICTING("evicting"),
    /** The store was not asked yet, or did not answer. */
    UNKNOWN("unknown");

    private final String wireName;

    State(String wireName) {
      this.wireName = wireName;
    }

    /** The name in JSON. */
    public String wireName() {
      return wireName;
    }
  }

  /** Nothing is known, for this reason. */
  public static Eviction unknown(String why) {
    return new Eviction(State.UNKNOWN, null, 0, why);
  }
}
