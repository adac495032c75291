package io.ratelimiter.auditor.topology;

import static io.ratelimiter.schemas.audit.Figure.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.AdjustmentEvent.Settled;
import io.ratelimiter.schemas.EventHeaders;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.schemas.audit.Dimensions;
import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Figures;
import io.ratelimiter.schemas.audit.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * For any records in any order, the rows equal those of {@link BruteForce}, and rows of each kind
 * add up to the same sums.
 */
class AuditPropertyTests {

  private static final long T = AuditHarness.START_MILLIS;
  private static final long HOUR = 3_600_000;
  private static final int RECORDS = 4_000;

  /** Empty: a plain check. */
  private static final List<String> PRIORITIES = List.of("", "", "normal", "high", "low");

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void theRowsEqualThoseOfBruteForce(long seed) {
    Random random = new Random(seed);
    BruteForce oracle = new BruteForce(HOUR);
    try (AuditHarness audit = new AuditHarness()) {
      long append = T;
      for (Step step : steps(random)) {
        // About fifty minutes in total: no series is silent for an hour.
        append += random.nextInt(1_400);
        step.run(audit, oracle, append);
        if (random.nextInt(50) == 0) {
          audit.readPublished();
        }
      }
      audit.readPublished();
      assertThat(figures(audit)).containsExactlyInAnyOrderEntriesOf(oracle.figures());
      assertThat(uniqueClients(audit)).isEqualTo(oracle.uniqueClients());
      assertSums(audit);
      assertSeries(audit, oracle, false);

      long later = append + 2 * HOUR;
      LedgerEvent ledger = new LedgerEvent("last", "a", 0, 0, 0, 0, 0, 0, 0, false, null);
      audit.ledger(ledger, later);
      audit.readPublished();
      assertSeries(audit, oracle, true);
    }
  }

  private static void assertSeries(AuditHarness audit, BruteForce oracle, boolean closed) {
    for (String series : oracle.series()) {
      var report = audit.series().get(series);
      assertThat(report.received()).as(series).isEqualTo(oracle.received(series));
      assertThat(report.duplicate()).as(series).isEqualTo(oracle.duplicates(series));
      assertThat(report.lost()).as(series).isEqualTo(oracle.lost(series, closed));
      assertThat(report.closed()).as(series).isEqualTo(closed);
    }
  }

  private static Map<Dimensions, Figures> figures(AuditHarness audit) {
    Map<Dimensions, Figures> figures = new HashMap<>();
    audit
        .rows()
        .forEach((key, row) -> {
          if (key.kind() != Kind.UNIQUE_CLIENTS) {
            figures.put(key, row.figures());
          }
        });
    return figures;
  }

  /** Few clients are in a register of their own each, so that their number is exact. */
  private static Map<Dimensions, Integer> uniqueClients(AuditHarness audit) {
    Map<Dimensions, Integer> counts = new HashMap<>();
    audit
        .rows()
        .forEach((key, row) -> {
          if (key.kind() == Kind.UNIQUE_CLIENTS) {
            counts.put(key, row.registers().size());
          }
        });
    return counts;
  }

  /** Over all parts of all minutes, whichever kind of rows is added up. */
  private static void assertSums(AuditHarness audit) {
    for (Figure figure :
        List.of(
            ALLOWED_COUNT,
            COST_ALLOWED,
            REFUND_COUNT,
            COST_REFUNDED,
            SETTLED_COUNT,
            COST_SETTLED_BACK,
            COST_SETTLED_MORE,
            COST_UNCHARGED)) {
      long sum = sum(Kind.CLIENT, figure, audit);
      assertThat(sum).as("%s", figure).isPositive();
      for (Kind kind : List.of(Kind.TOTAL, Kind.TENANT_TOTAL, Kind.BILL)) {
        assertThat(sum(kind, figure, audit)).as("%s of %s", figure, kind).isEqualTo(sum);
      }
    }
    for (Figure figure :
        List.of(
            HIGH_ALLOWED_COUNT,
            HIGH_BLOCKED_COUNT,
            LOW_ALLOWED_COUNT,
            LOW_BLOCKED_COUNT,
            WAITED_COUNT,
            WAIT_SUM_US)) {
      long sum = sum(Kind.CLIENT, figure, audit);
      assertThat(sum).as("%s", figure).isPositive();
      assertThat(sum(Kind.TOTAL, figure, audit)).as("%s", figure).isEqualTo(sum);
      assertThat(sum(Kind.TENANT_TOTAL, figure, audit)).as("%s", figure).isEqualTo(sum);
    }
    for (Figure figure :
        List.of(ALLOWED_COUNT, BLOCKED_COUNT, ERROR_COUNT, COST_ALLOWED, COST_BLOCKED)) {
      long sum = sum(Kind.CLIENT, figure, audit);
      for (Kind kind : List.of(Kind.TOTAL, Kind.TENANT_TOTAL, Kind.INSTANCE_TOTAL)) {
        assertThat(sum(kind, figure, audit)).as("%s of %s", figure, kind).isEqualTo(sum);
      }
    }
    assertThat(audit.rows().keySet()).as("late events make parts").anyMatch(row -> row.part() > 4);
  }

  private static long sum(Kind kind, Figure figure, AuditHarness audit) {
    return audit.rows().entrySet().stream()
        .filter(row -> row.getKey().kind() == kind)
        .mapToLong(row -> row.getValue().figures().get(figure))
        .sum();
  }

  private interface Step {
    void run(AuditHarness audit, BruteForce oracle, long appendMillis);
  }

  /** Numbers of four series: some missing, some twice, all out of order, ledgers between. */
  private static List<Step> steps(Random random) {
    List<Step> steps = new ArrayList<>();
    for (int s = 0; s < 4; s++) {
      String instance = "i" + s % 2;
      String epoch = "e" + s / 2;
      int count = RECORDS / 4;
      for (long seq = 1; seq <= count; seq++) {
        int copies = random.nextInt(20) == 0 ? 0 : random.nextInt(15) == 0 ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
          SeriesPosition position = new SeriesPosition(instance, epoch, 0, seq);
          steps.add(seq % 20 == 0 ? adjustment(random, position) : decision(random, position));
        }
      }
      for (int i = 0; i < 5; i++) {
        steps.add(ledger(instance, epoch, count, random));
      }
    }
    shuffleLocally(steps, random);
    return steps;
  }

  /** Half of them stay near their place, half move anywhere. */
  private static void shuffleLocally(List<Step> steps, Random random) {
    for (int i = 0; i < steps.size(); i++) {
      int other =
          random.nextInt(10) == 0
              ? random.nextInt(steps.size())
              : Math.min(steps.size() - 1, i + random.nextInt(8));
      Collections.swap(steps, i, other);
    }
  }

  private static Step ledger(String instance, String epoch, int count, Random random) {
    long settled = random.nextInt(count + 1);
    return (audit, oracle, append) -> {
      long dropped = settled / 100;
      LedgerEvent ledger =
          new LedgerEvent(
              instance, epoch, 0, count, settled, 0, dropped, settled, dropped, false, null);
      audit.ledger(ledger, append);
      oracle.ledger(ledger, append);
    };
  }

  private static Step adjustment(Random random, SeriesPosition position) {
    long shift = shift(random);
    String client = "c" + random.nextInt(5);
    String tenant = tenant(random);
    long cost = random.nextInt(4);
    Settled settled = random.nextBoolean() ? null : settled(random, cost);
    return (audit, oracle, append) -> {
      long at = (append + shift) * 1000;
      AdjustmentEvent adjustment =
          settled == null
              ? TestRows.adjustment(tenant, client, cost, position, at)
              : TestRows.settlement(tenant, client, cost, settled, position, at);
      audit.adjust(adjustment, append);
      oracle.adjust(adjustment, append);
    };
  }

  private static Settled settled(Random random, long cost) {
    long estimate = 1 + random.nextInt(3);
    long uncharged = random.nextLong(Math.max(0, cost - estimate) + 1);
    return new Settled("decision", estimate, uncharged);
  }

  private static String tenant(Random random) {
    return random.nextBoolean() ? "default" : "acme";
  }

  /** How much later than its append time an event was decided, milliseconds. */
  private static long shift(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> -2 * HOUR;
      case 1 -> 10 * 60_000;
      case 2 -> -HOUR + random.nextInt(2_000) - 1_000;
      case 3 -> -random.nextLong(HOUR);
      default -> -random.nextInt(120_000);
    };
  }

  private static Step decision(Random random, SeriesPosition position) {
    long shift = shift(random);
    String tenant = tenant(random);
    String client = "c" + random.nextInt(5);
    int kind = random.nextInt(10);
    int shadow = random.nextInt(4);
    long cost = 1 + random.nextInt(9);
    long latency = random.nextInt(5_000);
    String key = random.nextBoolean() ? "global" : "search";
    boolean poisoned = random.nextInt(200) == 0;
    String priority = PRIORITIES.get(random.nextInt(PRIORITIES.size()));
    long wait = random.nextBoolean() ? 0 : random.nextLong(30_000_000);
    return (audit, oracle, append) -> {
      TestDecision decision =
          switch (kind) {
            case 0 -> TestDecision.allowed(client, (append + shift) * 1000).underRule(null);
            case 1 -> TestDecision.allowed(client, (append + shift) * 1000).failedClosed();
            case 2 -> TestDecision.allowed(client, (append + shift) * 1000).tooCostly();
            case 3, 4 -> TestDecision.blocked(client, (append + shift) * 1000);
            case 5 -> TestDecision.allowed(client, (append + shift) * 1000).underRule("premium");
            default -> TestDecision.allowed(client, (append + shift) * 1000);
          };
      decision = decision.of(tenant).withCost(cost).withLatency(latency).onKey(key);
      if (!priority.isEmpty()) {
        decision = decision.with(priority, wait);
      }
      if (shadow < 2 && kind != 1) {
        decision = decision.withShadow(shadow == 0);
      }
      if (poisoned) {
        audit.send(EventHeaders.TYPE_DECISION, new byte[] {'{'}, append);
      }
      audit.decide(decision, position, append);
      oracle.decide(decision.at(position), append);
    };
  }
}
