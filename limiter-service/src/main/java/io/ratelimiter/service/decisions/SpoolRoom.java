package io.ratelimiter.service.decisions;

import io.ratelimiter.service.decisions.spool.SpoolFolder;
import io.ratelimiter.service.decisions.spool.SpoolOpening;
import java.sql.SQLException;
import java.time.Duration;

/** The room on the spool's volume, and the reserve that is kept of it. For the spool's thread. */
final class SpoolRoom {

  /** An attempt writes the whole reserve to a volume that may be full. */
  private static final Duration ATTEMPTS = Duration.ofSeconds(2);

  private final SpoolFolder folder;
  private final SpoolHealth health;
  private long nextAttemptNanos = System.nanoTime();

  SpoolRoom(SpoolFolder folder, SpoolHealth health) {
    this.folder = folder;
    this.health = health;
  }

  /** Whether events may be appended: what fills a volume to its last byte is never emptied. */
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

  /** The folder is another one: it may have room at once. */
  void lookAgain() {
    nextAttemptNanos = System.nanoTime();
  }

  /** Gives up the reserve if there may be no room; false when that is no help. */
  boolean givenFor(SQLException fault) {
    boolean given = SpoolOpening.mayLackRoom(fault) && folder.reserve().release();
    if (given) {
      health.failed("its volume is full, the reserve is given up to empty it");
    }
    return given;
  }
}
