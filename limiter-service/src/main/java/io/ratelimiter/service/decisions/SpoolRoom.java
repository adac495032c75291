package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.SpoolFolder;
import io.ratelimiter.service.decisions.spool.SpoolOpening;
import java.sql.SQLException;
import java.time.Duration;

/** Checks for free space on the spool's volume and keeps the reserve. For the spool's thread. */
final class SpoolRoom {

  /** Time between attempts, each of which writes the whole reserve to a volume that may be full. */
  private static final Duration ATTEMPTS = Duration.ofSeconds(2);

  private final SpoolFolder folder;
  private final SpoolHealth health;
  private long nextAttemptNanos = System.nanoTime();

  SpoolRoom(SpoolFolder folder, SpoolHealth health) {
    this.folder = folder;
    this.health = health;
  }

  /** Whether events may be appended: a spool that fills its volume completely cannot be emptied. */
  boolean isThere() {
    if (folder.reserve().leavesRoom()) {
      return true;
    }
    long now = System.nanoTime();
    if (now - nextAttemptNanos >= 0) {
      nextAttemptNanos = now + ATTEMPTS.toNanos();
      if (folder.reserve().make()) {
        return true;
      }
    }
    health.failed("its volume has no room beside the reserve");
    return false;
  }

  /** The folder was replaced: its volume is checked at once. */
  void lookAgain() {
    nextAttemptNanos = System.nanoTime();
  }

  /** Releases the reserve if the fault may be a full volume; returns whether it did. */
  boolean givenFor(SQLException fault) {
    boolean given = SpoolOpening.mayLackRoom(fault) && folder.reserve().release();
    if (given) {
      health.failed("its volume is full; the reserve is released so that events can be removed");
    }
    return given;
  }
}
