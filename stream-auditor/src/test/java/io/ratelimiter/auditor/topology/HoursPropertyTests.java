package io.ratelimiter.auditor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.audit.SeriesReport;
import io.ratelimiter.schemas.audit.SeriesReport.Span;
import io.ratelimiter.schemas.audit.SeriesReport.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For any faults, no hour misses more than the reports of the series state, and few state more. */
class HoursPropertyTests {

  private static final long T = AuditHarness.START_MILLIS;
  private static final long HOUR = 3_600_000;
  private static final long HOUR_MICROS = HOUR * 1_000;

  /** Time between two marks of a limiter that states times, the margin, and disorder. */
  private static final long NEAR_MILLIS = 5 * 60_000;

  private final AuditHarness audit = new AuditHarness();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
  void noHourMissesMoreThanIsStated(long seed) {
    List<SimulatedLimiter> limiters = new ArrayList<>();
    List<SimulatedLimiter.Appended> log = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      SimulatedLimiter limiter = new SimulatedLimiter("i" + i, seed * 31 + i, i != 3, audit);
      limiters.add(limiter);
      log.addAll(limiter.run(T + i * 1_000L));
    }
    log.sort(Comparator.comparingLong(SimulatedLimiter.Appended::millis));
    try (audit) {
      int count = 0;
      for (SimulatedLimiter.Appended appended : log) {
        limiters.forEach(limiter -> limiter.advance(appended.millis()));
        appended.record().run();
        if (++count % 300 == 0) {
          assertBounds(limiters, appended.millis());
        }
      }
      long end = log.getLast().millis();
      assertBounds(limiters, end);
      audit.tick(end + 2 * HOUR);
      assertBounds(limiters, end + 2 * HOUR);
      assertThat(audit.series().values()).allMatch(report -> report.closed() || isTick(report));
    }
  }

  private static boolean isTick(SeriesReport report) {
    return report.instance().equals("other");
  }

  private void assertBounds(List<SimulatedLimiter> limiters, long now) {
    audit.readPublished();
    for (SimulatedLimiter limiter : limiters) {
      SeriesReport report = audit.series().get(limiter.series());
      if (report != null) {
        assertBounds(limiter, report, now);
      }
    }
  }

  private static void assertBounds(SimulatedLimiter limiter, SeriesReport report, long now) {
    Times times = Objects.requireNonNull(report.times());
    List<Long> missing = new ArrayList<>();
    limiter.decidedMillis.forEach((seq, at) -> {
      if (limiter.issuedMillis.get(seq) <= now && !limiter.received.contains(seq)) {
        if (seq <= report.issued()) {
          missing.add(at);
        } else if (!isAfterTheAuditorGaveUp(at, report)) {
          assertThat(at * 1_000)
              .as("%s: unknown number %d", report, seq)
              .isBetween(
                  times.tailAfterMicros(),
                  Objects.requireNonNullElse(times.tailBeforeMicros(), Long.MAX_VALUE));
        }
      }
    });
    List<Long> late = limiter.late.stream().map(limiter.decidedMillis::get).toList();
    for (long hour = T / HOUR - 3; hour < T / HOUR + 12; hour++) {
      long here = hour;
      String what = limiter.series() + " in hour " + (hour - T / HOUR);
      assertThat(in(times.missing(), hour))
          .as("missing of " + what)
          .isGreaterThanOrEqualTo(missing.stream().filter(at -> at / HOUR == here).count());
      assertThat(in(times.late(), hour))
          .as("late of " + what)
          .isEqualTo(late.stream().filter(at -> at / HOUR == here).count());
      boolean certain = !limiter.series().equals("i3/a") && !touchesUnknownTail(hour, report);
      if (certain && noneNear(hour, missing)) {
        assertThat(in(times.missing(), hour)).as("nothing is missing of " + what).isZero();
      }
    }
  }

  /** A limiter that does not reach Kafka for longer than the lateness is not expected to decide. */
  private static boolean isAfterTheAuditorGaveUp(long at, SeriesReport report) {
    return at > report.lastRecordMillis() + TestTerms.DEFAULT.lateness().toMillis();
  }

  /** Numbers that only the next process names may be of any hour up to its start. */
  private static boolean touchesUnknownTail(long hour, SeriesReport report) {
    return Boolean.TRUE.equals(report.unknownTail())
        && (hour + 1) * HOUR_MICROS > Objects.requireNonNull(report.times()).tailAfterMicros();
  }

  private static boolean noneNear(long hour, List<Long> missing) {
    Long next = new TreeSet<>(missing).ceiling(hour * HOUR - NEAR_MILLIS);
    return next == null || next >= (hour + 1) * HOUR + NEAR_MILLIS;
  }

  private static long in(List<Span> spans, long hour) {
    return spans.stream()
        .filter(span -> span.afterMicros() < (hour + 1) * HOUR_MICROS)
        .filter(span -> span.beforeMicros() >= hour * HOUR_MICROS)
        .mapToLong(Span::count)
        .sum();
  }
}
