package io.ratelimiter.load.report;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One line of the report's summary.
 *
 * @param id of the target, such as {@code B1}
 * @param what the measured figure
 * @param target the value to reach; empty for none
 * @param measured the figure, as text
 * @param met whether the target is reached
 * @param notJudged why there is no verdict; empty if there is one
 */
public record Finding(
    String id, String what, String target, String measured, boolean met, String notJudged) {

  /** A figure with a verdict. */
  public Finding(String id, String what, String target, String measured, boolean met) {
    this(id, what, target, measured, met, "");
  }

  /** A figure without a target. */
  public static Finding withoutTarget(String id, String what, String measured) {
    return new Finding(id, what, "", measured, true);
  }

  /** Withdraws the verdict if one of these figures has too few clean runs. */
  public Finding of(Spread... figures) {
    return unless(
        Arrays.stream(figures)
            .filter(figure -> !figure.enough())
            .map(Spread::runs)
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  /**
   * Withdraws the verdict unless the reason is empty.
   *
   * @param reason why there is no verdict; empty to keep it
   */
  public Finding unless(String reason) {
    return reason.isEmpty() ? this : new Finding(id, what, target, measured, false, reason);
  }

  /** A row of a table. */
  public String row() {
    return "| %s | %s | %s | %s | %s |".formatted(id, what, target, measured, verdict());
  }

  private String verdict() {
    if (target.isEmpty()) {
      return "";
    }
    if (!notJudged.isEmpty()) {
      return "**not judged**: " + notJudged;
    }
    return met ? "met" : "**missed**";
  }
}
