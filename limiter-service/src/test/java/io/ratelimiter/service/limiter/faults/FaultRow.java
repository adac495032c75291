package io.ratelimiter.service.limiter.faults;

import java.util.List;

/**
 * What one fault did to a service under steady load.
 *
 * @param fault row of the table of faults, and what was done
 * @param checks asked
 * @param unanswered without any answer
 * @param serverErrors answers 5xx
 * @param degraded answers that say so
 * @param p99Millis from the moment at which a check was due; checks that a pause of the machine
 *     touched are left out
 * @param excess most units of one key beyond the bound of a healthy run
 * @param excessBound what is declared for this fault
 * @param late charges of all far-from-reached limits that no answer told of
 * @param lateBound what is declared, for a timeout that is as much later as the machine paused
 * @param recoveredMillis from the end of the fault to the last degraded answer
 * @param pausedMillis longest pause of the machine itself
 */
record FaultRow(
    String fault,
    int checks,
    long unanswered,
    long serverErrors,
    long degraded,
    double p99Millis,
    long excess,
    long excessBound,
    long late,
    long lateBound,
    long recoveredMillis,
    long pausedMillis,
    String remark) {

  static final String HEAD =
      """
      | fault | checks | 5xx | degraded | p99 ms | excess (bound) | late charges (bound) | recovered after s | machine paused ms | |
      |---|---|---|---|---|---|---|---|---|---|
      """;

  static String table(List<FaultRow> rows) {
    StringBuilder text = new StringBuilder(HEAD);
    rows.forEach(row -> text.append(row.line()));
    return text.toString();
  }

  String line() {
    return "| %s | %d | %d | %d | %.1f | %d (%d) | %d (%d) | %.1f | %d | %s |%n"
        .formatted(
            fault,
            checks,
            serverErrors,
            degraded,
            p99Millis,
            excess,
            excessBound,
            late,
            lateBound,
            recoveredMillis / 1_000.0,
            pausedMillis,
            remark);
  }
}
