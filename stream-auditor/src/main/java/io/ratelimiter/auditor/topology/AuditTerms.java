package io.ratelimiter.auditor.topology;

import io.ratelimiter.schemas.DeadLetter;
import java.time.Duration;
import java.util.Set;

/**
 * What an audit goes by.
 *
 * @param partitions of the decisions topic
 * @param generation stands in every row; a higher one replaces what a lower one wrote
 * @param lateness how much older than the newest append time an event may be and still be counted
 *     in its own minute
 * @param detail which decisions are kept by client
 * @param beginning where the log began when it was first read
 * @param seriesKept how long a closed series is remembered: as long as the topic keeps records
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

  /** How far ahead of its append time an event may be and still be counted in its own minute. */
  static final Duration AHEAD = Duration.ofMinutes(5);

  public AuditTerms {
    if (partitions < 1 || generation < 1 || lateness.toMinutes() < 1) {
      throw new IllegalArgumentException(
          "partitions, generation and minutes of lateness must be at least 1: %d, %d, %s"
              .formatted(partitions, generation, lateness));
    }
  }

  /** With the dead-letter topic as the auditor creates it. */
  public AuditTerms(
      int partitions,
      int generation,
      Duration lateness,
      ClientDetail detail,
      Beginning beginning,
      Duration seriesKept) {
    this(partitions, generation, lateness, detail, beginning, seriesKept, DeadLetter.MAX_BYTES);
  }

  /**
   * Where the log begins.
   *
   * @param wholeFrom rows of minutes before this one (seconds since 1970) are not told: part of
   *     their events is not on the topic any more. 0: all are
   * @param trimmed partitions whose first records are gone
   */
  public record Beginning(long wholeFrom, Set<Integer> trimmed) {

    /** Every partition still begins with its first record. */
    public static final Beginning WHOLE = new Beginning(0, Set.of());

    public Beginning {
      trimmed = Set.copyOf(trimmed);
    }
  }

  /** Which decisions are kept by client. */
  public enum ClientDetail {
    /** All of them. */
    ALL,
    /** Blocked ones only, so that clients without a block take no room. */
    BLOCKED
  }
}
