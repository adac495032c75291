package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.faults.FaultRun.Declared;
import io.ratelimiter.service.limiter.proof.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The rows of a report in {@code target}, and what must hold whatever the fault. */
final class FaultReport {

  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(3);

  private final List<FaultRow> rows = new ArrayList<>();

  void add(FaultRow row) {
    rows.add(row);
    System.out.println(row.line());
  }

  void write(String file) throws IOException {
    String table = FaultRow.table(rows);
    Files.writeString(Files.createDirectories(Path.of("target")).resolve(file), table);
    System.out.println(table);
  }

  /** Ends the run, adds its row and verifies it. */
  void verify(FaultRun run, String fault, Declared declared, String remark) {
    FaultRow row = run.row(fault, declared, remark);
    add(row);
    List<Report> reports = run.reports();
    assertThat(row.unanswered()).as("unanswered").isZero();
    assertThat(run.unpublished()).as("answered but not published").isZero();
    if (!fault.contains("closed")) {
      assertThat(row.serverErrors()).as("5xx").isZero();
    }
    verifyTimes(row);
    assertThat(row.excess()).as("excess").isLessThanOrEqualTo(declared.excess());
    assertThat(row.late()).as("late charges").isBetween(0L, row.lateBound());
    assertThat(run.addedThreads()).as("added threads").isLessThan(20);
    assertThat(reports).allSatisfy(report -> assertThat(report.holds()).as(report.text()).isTrue());
  }

  /** The same where each key may have lost data, so that bounds and witness cannot judge any. */
  void verifyAfterLoss(FaultRun run, String fault, Declared declared) {
    FaultRow row = run.row(fault, declared, "");
    add(row);
    assertThat(row.unanswered() + run.unpublished() + row.serverErrors()).isZero();
    verifyTimes(row);
    assertThat(row.excess()).isLessThanOrEqualTo(declared.excess());
  }

  private static void verifyTimes(FaultRow row) {
    assertThat(row.p99Millis())
        .as("p99, ms; the machine paused for up to %d ms", row.pausedMillis())
        .isLessThanOrEqualTo(FaultRun.TIMEOUT.toMillis() + 50);
    assertThat(row.recoveredMillis()).as("recovered").isLessThan(RECOVERY_LIMIT.toMillis());
  }
}
