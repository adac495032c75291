package io.ratelimiter.service.limiter.faults;

import java.util.List;

/**
 * The effect of one fault on a service under steady load.
 *
 * @param fault row of the table of faults, and the fault
 * @param checks checks sent
 * @param unanswered checks without an answer
 * @param serverErrors answers with status 5xx
 * @param degraded degraded answers
 * @param p99Millis from the time at which a check was due, without checks during a pause of the
 *     machine
 * @param excess max units of one key beyond the bound of a healthy run
 * @param excessBound the declared max of {@code excess}
 * @param late charges of all far-from-reached limits that no answer reported
 * @param lateBound the declared max of {@code late}, plus the rate during a pause of the machine
 * @param recoveredMillis from the end of the fault to the first of 100 consecutive answers of the
 *     store
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
