package io.ratelimiter.load.report;

/**
 * One line of the report's summary.
 *
 * @param id of the target, {@code B1} and so on
 * @param what was measured
 * @param target as the design has it
 * @param measured the figure, as text
 * @param met whether it reaches the target
 */
public record Finding(String id, String what, String target, String measured, boolean met) {

  /** A figure that is wanted beside the targets and has none of its own. */
  public static Finding withoutTarget(String id, String what, String measured) {
    return new Finding(id, what, "", measured, true);
  }

  /** A row of a table. */
  public String row() {
    String verdict = target.isEmpty() ? "" : met ? "met" : "**missed**";
    return "| %s | %s | %s | %s | %s |".formatted(id, what, target, measured, verdict);
  }
}
