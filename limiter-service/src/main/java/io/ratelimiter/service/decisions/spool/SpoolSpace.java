package io.ratelimiter.service.decisions.spool;

import io.ratelimiter.service.decisions.spool.file.Reserve;
import io.ratelimiter.service.decisions.spool.file.SpoolOpening;
import java.sql.SQLException;
import java.time.Duration;

/** Checks for free space on the spool's volume and keeps the reserve. For the spool's thread. */
final class SpoolSpace {

  /** Time between attempts, each of which writes the whole reserve to a volume that may be full. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Reserve reserve;
  private final SpoolHealth health;
  private long nextAttemptNanos = System.nanoTime();

  SpoolSpace(Reserve reserve, SpoolHealth health) {
    this.reserve = reserve;
    this.health = health;
  }

  /** Whether events may be appended: a spool that fills its volume completely cannot be emptied. */
  boolean available() {
    if (reserve.leavesRoom()) {
      return true;
    }
    long now = System.nanoTime();
    if (now - nextAttemptNanos >= 0) {
      nextAttemptNanos = now + RETRY.toNanos();
      if (reserve.make()) {
        return true;
      }
    }
    health.failed("its volume has no room beside the reserve");
    return false;
  }

  /** The folder was replaced: its volume is checked at once. */
  void checkNow() {
    nextAttemptNanos = System.nanoTime();
  }

  /** Releases the reserve if the fault may be a full volume; returns whether it did. */
  boolean releaseFor(SQLException fault) {
    boolean released = SpoolOpening.mayLackRoom(fault) && reserve.release();
    if (released) {
      health.failed("its volume is full; the reserve is released so that events can be removed");
    }
    return released;
  }
}
