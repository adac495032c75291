package io.ratelimiter.auditor.store;

import java.util.Locale;

/** Whether the rows of this run are shown, as far as known. Thread-safe. */
public final class Generation {

  /** Whether the rows of a run are shown. */
  public enum State {
    /** No database is configured: there are no tables. */
    ABSENT,
    /** The tables could not be read yet. */
    UNKNOWN,
    /** A lower generation is shown until this one has caught up. */
    COUNTING,
    /** This one is shown, or will be with its first row. */
    SERVING,
    /** It is shown and pauses for seconds, so that a higher one can catch up. */
    YIELDING,
    /** A higher one is shown; this one has nothing to do. */
    REPLACED;

    /** Its name in {@code /health}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A state and its cause.
   *
   * @param serving the generation that is shown; 0 if none is known
   */
  public record Standing(State state, int serving) {}

  private final int number;
  private volatile Standing standing;

  /**
   * @param number {@code AUDIT_GENERATION} of this run
   */
  public Generation(int number, State state) {
    this.number = number;
    this.standing = new Standing(state, 0);
  }

  public int number() {
    return number;
  }

  public Standing standing() {
    return standing;
  }

  public State state() {
    return standing.state();
  }

  void set(Standing now) {
    standing = now;
  }
}
