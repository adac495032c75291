package io.ratelimiter.auditor.topology;

import io.ratelimiter.auditor.TestDecision;
import io.ratelimiter.auditor.TestTerms;
import io.ratelimiter.schemas.LedgerEvent;
import io.ratelimiter.schemas.SeriesPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Six hours of one limiter with random faults: decisions that are dropped or lost, an unreachable
 * Kafka and a late replay, duplicates, and a kill.
 */
final class SimulatedLimiter {

  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private enum Phase {
    DIRECT,
    DROPPED,
    LOST,
    SPOOLED
  }

  /** What Kafka appends, and when. */
  record Appended(long millis, Runnable record) {}

  private final String name;
  private final Random random;
  private final AuditHarness audit;
  private final boolean statesTimes;
  private final List<Appended> log = new ArrayList<>();
  private final List<Runnable> spool = new ArrayList<>();

  /** Time of each decision by its number, and when the number was issued. */
  final Map<Long, Long> decidedMillis = new TreeMap<>();

  final Map<Long, Long> issuedMillis = new TreeMap<>();
  final Set<Long> received = new HashSet<>();
  final Set<Long> late = new HashSet<>();
  private long highMillis;

  SimulatedLimiter(String name, long seed, boolean statesTimes, AuditHarness audit) {
    this.name = name;
    this.random = new Random(seed);
    this.statesTimes = statesTimes;
    this.audit = audit;
  }

  List<Appended> run(long begin) {
    long end = begin + 6 * HOUR - random.nextLong(2 * HOUR);
    boolean killed = random.nextBoolean();
    Phase phase = Phase.DIRECT;
    long phaseEnd = begin + random.nextLong(20 * MINUTE);
    long nextLedger = begin;
    long seq = 0;
    for (long now = begin; now < end; now += 1 + random.nextLong(20 * SECOND)) {
      if (now > phaseEnd) {
        replay(now);
        phase = Phase.values()[random.nextInt(Phase.values().length)];
        phaseEnd = now + random.nextLong(phase == Phase.SPOOLED ? 2 * HOUR : 30 * MINUTE);
      }
      if (now >= nextLedger && phase != Phase.SPOOLED) {
        ledger(seq, false, null, now, now, begin);
        nextLedger = now + MINUTE;
      }
      // Numbers are issued a little after the decisions, which may change their order.
      decide(++seq, now - random.nextLong(3 * SECOND), phase, now);
    }
    end(seq, killed, end, begin);
    return log;
  }

  private void end(long seq, boolean killed, long end, long begin) {
    long tail = killed ? 1 + random.nextInt(5) : 0;
    for (long unsent = 1; unsent <= tail; unsent++) {
      decide(seq + unsent, end, Phase.LOST, end);
    }
    long later = end + random.nextLong(HOUR);
    if (!killed || random.nextBoolean()) {
      replay(later);
      // The next process counts for a killed one; a limiter that stops counts itself.
      ledger(seq, true, killed, killed ? later : end, later, begin);
    }
  }

  private void decide(long seq, long at, Phase phase, long now) {
    decidedMillis.put(seq, at);
    issuedMillis.put(seq, now);
    if (phase == Phase.SPOOLED) {
      spool.add(() -> append(seq, at));
    } else if (phase == Phase.DIRECT) {
      log.add(new Appended(now + random.nextInt(300), () -> append(seq, at)));
      if (random.nextInt(20) == 0) {
        log.add(new Appended(now + random.nextLong(HOUR), () -> append(seq, at)));
      }
    }
  }

  /** Appends the spooled records, a part of them long after Kafka answers again. */
  private void replay(long now) {
    long at = now + (random.nextBoolean() ? 0 : random.nextLong(HOUR));
    for (Runnable record : spool) {
      log.add(new Appended(at++, record));
    }
    spool.clear();
  }

  private void ledger(
      long issued, boolean closed, Boolean unknownTail, long at, long now, long begin) {
    LedgerEvent ledger =
        new LedgerEvent(
            name,
            "a",
            0,
            issued,
            0,
            0,
            0,
            0,
            0,
            closed,
            closed ? unknownTail : null,
            null,
            statesTimes ? (Long) (at * 1_000) : null,
            statesTimes && !closed ? (Long) (begin * 1_000) : null);
    log.add(new Appended(now + random.nextInt(2_000), () -> audit.ledger(ledger, highMillis)));
  }

  private void append(long seq, long at) {
    TestDecision decision = TestDecision.allowed("c", at * 1_000);
    if (received.add(seq) && at < highMillis - TestTerms.DEFAULT.lateness().toMillis()) {
      late.add(seq);
    }
    audit.decide(decision, new SeriesPosition(name, "a", 0, seq), highMillis);
  }

  /** Sets the time of the records that follow. */
  void advance(long millis) {
    highMillis = millis;
  }

  String series() {
    return name + "/a";
  }
}
