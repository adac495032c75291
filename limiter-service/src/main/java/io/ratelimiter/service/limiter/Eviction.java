package io.ratelimiter.service.limiter;

import org.jspecify.annotations.Nullable;

/**
 * Whether the store may drop counters to make room, which resets limits without any error.
 *
 * @param state what was found when it was last looked
 * @param policy the store's {@code maxmemory-policy}; null while unknown
 * @param evictedKeys keys that it has evicted since it started, of whatever client
 * @param unknown why nothing is known; null when something is
 */
public record Eviction(
    State state, @Nullable String policy, long evictedKeys, @Nullable String unknown) {

  /** The three answers. */
  public enum State {
    /** It refuses writes when it is full, or has no bound. */
    NONE("none"),
    /** It has a bound and a policy that evicts. */
    EVICTING("evicting"),
    /** It was not asked yet, or does not answer that. */
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
