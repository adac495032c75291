package io.ratelimiter.service.rules.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of the rules in force, for health and metrics.
 *
 * @param revision of the set in force
 * @param source where it was read
 * @param ruleCount all rules of it, including those that are not in force
 * @param age since it was last known to be the newest
 * @param databaseConfigured whether there is a database
 * @param databaseAvailable whether it answered the last query; false without one
 * @param refused the newest set, if it is not in force because it is invalid; else null
 * @param unavailable why the newest set cannot be read; null if it can
 */
public record RulesState(
    long revision,
    Source source,
    int ruleCount,
    Duration age,
    boolean databaseConfigured,
    boolean databaseAvailable,
    @Nullable Refusal refused,
    @Nullable String unavailable) {

  /** Whether the set is empty or not known to be the newest. */
  public boolean degraded() {
    return ruleCount == 0 || refused != null || unavailable != null;
  }

  /** A set that is not in force because it is invalid, and the reason. */
  public record Refusal(long revision, String why) {}

  /** Where a set was read. */
  public enum Source {
    DATABASE("database"),
    /** The last good set of the database, kept on disk. */
    SNAPSHOT("snapshot"),
    FILE("file"),
    SHIPPED("shipped");

    private final String wireName;

    Source(String wireName) {
      this.wireName = wireName;
    }

    /** The name in JSON and SQL. */
    public String wireName() {
      return wireName;
    }
  }
}
