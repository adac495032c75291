package io.ratelimiter.load.report;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One line of the report's summary.
 *
 * @param id of the target, {@code B1} and so on
 * @param what was measured
 * @param target as the design has it
 * @param measured the figure, as text
 * @param met whether it reaches the target
 * @param notJudged why there is no verdict; empty where there is one
 */
public record Finding(
    String id, String what, String target, String measured, boolean met, String notJudged) {

  /** A figure with a verdict. */
  public Finding(String id, String what, String target, String measured, boolean met) {
    this(id, what, target, measured, met, "");
  }

  /** A figure that is wanted beside the targets and has none of its own. */
  public static Finding withoutTarget(String id, String what, String measured) {
    return new Finding(id, what, "", measured, true);
  }

  /** The same, without a verdict where one of these has too few clean runs. */
  public Finding of(Spread... figures) {
    return unless(
        Arrays.stream(figures)
            .filter(figure -> !figure.enough())
            .map(Spread::runs)
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  /**
   * The same, without a verdict.
   *
   * @param reason why there is none; empty: the finding is unchanged
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
