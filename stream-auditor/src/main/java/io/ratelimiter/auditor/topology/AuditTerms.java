package io.ratelimiter.auditor.topology;

import java.time.Duration;
import java.util.Set;

/**
 * Parameters of an audit.
 *
 * @param partitions of the decisions topic
 * @param generation part of every row; rows of a higher generation replace those of a lower one
 * @param lateness max age, measured from the newest append time, at which an event is counted in
 *     its own minute
 * @param detail the decisions of which there are rows by client
 * @param beginning where the decisions topic began when it was first read
 * @param seriesKept time for which a closed series is kept: the retention of the decisions topic
 * @param deadLetterBytes max size of a record on the dead-letter topic, bytes
 */
public record AuditTerms(
    int partitions,
    int generation,
    Duration lateness,
    ClientDetail detail,
    Beginning beginning,
    Duration seriesKept,
    int deadLetterBytes) {

  /** Max time ahead of its append time at which an event is counted in its own minute. */
  public static final Duration AHEAD = Duration.ofMinutes(5);

  public AuditTerms {
    if (partitions < 1 || generation < 1 || lateness.toMinutes() < 1) {
      throw new IllegalArgumentException(
          "partitions, generation and minutes of lateness must be at least 1: %d, %d, %s"
              .formatted(partitions, generation, lateness));
    }
  }

  /**
   * Where the decisions topic begins.
   *
   * @param wholeFrom first minute (seconds since 1970) of which the topic has all events; rows of
   *     earlier minutes are not published. 0: no event was deleted
   * @param trimmed partitions whose first records were deleted
   */
  public record Beginning(long wholeFrom, Set<Integer> trimmed) {

    public Beginning {
      trimmed = Set.copyOf(trimmed);
    }
  }

  /** The decisions of which there are rows by client. */
  public enum ClientDetail {
    /** All decisions. */
    ALL,
    /** Blocked decisions only, so that clients without a block need no row. */
    BLOCKED
  }
}
