package io.ratelimiter.service.rules.live;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the rules in force are, for health and metrics. */
public interface RulesStatus {

  /** The state of this moment; never blocks. */
  State state();

  /**
   * What is in force and how far it can be trusted.
   *
   * @param revision of the set in force
   * @param source where it was read
   * @param ruleCount all rules of it, those not in force included
   * @param age since it was last known to be the newest
   * @param databaseConfigured whether there should be a database
   * @param databaseAvailable whether it answered when last asked; false without one
   * @param refused why the newest set is not in force; null unless one is refused
   * @param unavailable why the newest set is not known; null unless it is not
   */
  record State(
      long revision,
      Source source,
      int ruleCount,
      Duration age,
      boolean databaseConfigured,
      boolean databaseAvailable,
      @Nullable Refusal refused,
      @Nullable String unavailable) {

    /** Whether somebody should look: the set is empty, or not known to be the newest. */
    public boolean degraded() {
      return ruleCount == 0 || refused != null || unavailable != null;
    }
  }

  /** A set that was kept out, and why. */
  record Refusal(long revision, String why) {}

  /** Where a set was read. */
  enum Source {
    DATABASE,
    /** The last good set of the database, kept on disk. */
    SNAPSHOT,
    FILE,
    SHIPPED;

    /** As it stands in JSON. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
