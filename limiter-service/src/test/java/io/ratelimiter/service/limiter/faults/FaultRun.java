package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.proof.Bounds;
import io.ratelimiter.service.limiter.proof.EventLog;
import io.ratelimiter.service.limiter.proof.Excess;
import io.ratelimiter.service.limiter.proof.Recorder;
import io.ratelimiter.service.limiter.proof.Report;
import io.ratelimiter.service.limiter.proof.Witness;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A service under steady load, from before a fault until after it.
 *
 * <pre>{@code
 * run.begin();
 * redis.kill();
 * run.goOn(4);
 * run.lifeEnds();
 * redis.start();
 * run.end();
 * FaultRow row = run.row("R1", declared);
 * }</pre>
 */
final class FaultRun implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofMillis(50);
  private static final int SECONDS_BEFORE = 5;
  private static final int SECONDS_AFTER = 6;
  private static final int CALM = 100;

  /** What is declared for a fault: units beyond the healthy bound, and charges nobody was told. */
  record Declared(long excess, long late) {}

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ServiceUnderTest service;
  private final ServiceCaller caller;
  private final SteadyLoad load;
  private final MachinePauses pauses = new MachinePauses();
  private final List<Long> lives = new ArrayList<>(List.of(0L));
  private Predicate<String> lost = _ -> false;
  private boolean cutOff;
  private int threadsBefore;
  private long heapBefore;
  private long endNanos;
  private List<CheckResult> decisions = List.of();
  private List<SteadyLoad.Call> calls = List.of();

  FaultRun(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("REDIS_TIMEOUT_MS", Long.toString(TIMEOUT.toMillis()));
    all.put("RULES_FILE", rules());
    service = new ServiceUnderTest(all);
    caller = new ServiceCaller(service.url());
    load = new SteadyLoad(caller);
  }

  private static String rules() {
    return Path.of(FaultRun.class.getResource("/fault-rules.json").getPath()).toString();
  }

  /** Sends checks for some seconds; what happens next is the fault. */
  void begin() {
    load.start();
    goOn(SECONDS_BEFORE);
    heapBefore = heapMegabytes();
    threadsBefore = threads.getThreadCount();
    threads.resetPeakThreadCount();
  }

  /** Waits until the checks of so many seconds have been answered. */
  void goOn(int seconds) {
    int until = load.answered() + seconds * SteadyLoad.PER_SECOND;
    Awaitility.await("answers to go on")
        .atMost(Duration.ofSeconds(30 + seconds))
        .until(() -> load.answered() >= until);
  }

  /** How many checks have no answer yet. */
  int inFlight() {
    return load.inFlight();
  }

  /** Rate × timeout + concurrency: what may be charged late when the store stops now. */
  long lateBound() {
    return SteadyLoad.PER_SECOND * TIMEOUT.toMillis() / 1_000 + Math.max(1, load.inFlight());
  }

  /** From now on the store knows nothing of what it has charged. */
  void lifeEnds() {
    lives.add(nowMicros());
  }

  /** These clients' counters are lost, or in part. */
  void loses(Predicate<String> clients) {
    lost = clients;
  }

  /** Connections are cut between a command and its reply: charged or not, nobody knows. */
  void cutsConnections() {
    cutOff = true;
  }

  /** The fault is over. */
  void end() {
    endNanos = System.nanoTime();
  }

  /** Sends on for some seconds, and tells all. */
  FaultRow row(String fault, Declared declared, String remark) {
    goOn(SECONDS_AFTER);
    load.close();
    Awaitility.await("the last answers").until(() -> load.inFlight() == 0);
    int most = threads.getPeakThreadCount();
    calls = load.calls();
    decisions = service.published().decisions();
    String footprint =
        "threads %d, at most %d; heap %d → %d MB"
            .formatted(threadsBefore, most, heapBefore, heapMegabytes());
    return new FaultRow(
        fault,
        calls.size(),
        calls.stream().filter(call -> call.status() == 0).count(),
        calls.stream().filter(call -> call.status() >= 500).count(),
        calls.stream().filter(SteadyLoad.Call::degraded).count(),
        p99Millis(),
        Excess.of(events(_ -> true)).values().stream().mapToLong(units -> units).max().orElse(0),
        declared.excess(),
        late(),
        declared.late() + SteadyLoad.PER_SECOND * pauses.longestMillis() / 1_000,
        recoveredMillis(),
        pauses.longestMillis(),
        remark.isEmpty() ? footprint : remark + "; " + footprint);
  }

  int threadsMore() {
    return threads.getPeakThreadCount() - threadsBefore;
  }

  /** Checks answered and decisions told: one number. */
  long untold() {
    Set<String> tenants = new HashSet<>(SteadyLoad.TIGHT);
    tenants.add(SteadyLoad.WIDE);
    return calls.size()
        - decisions.stream().filter(made -> tenants.contains(made.check().tenant())).count();
  }

  /** How many answers said so up to now. */
  long degradedSoFar() {
    return load.calls().stream().filter(SteadyLoad.Call::degraded).count();
  }

  /** Everybody who asks. */
  Set<String> clients() {
    Set<String> clients = new HashSet<>();
    load.calls().forEach(call -> clients.add(call.clientId()));
    return clients;
  }

  /** How many checks had no verdict for this reason. */
  long degraded(DegradedReason... reasons) {
    Set<DegradedReason> wanted = Set.of(reasons);
    return service.published().decisions().stream()
        .filter(made -> made.decision().degradedReason() != null)
        .filter(made -> wanted.contains(made.decision().degradedReason()))
        .count();
  }

  /** How many checks of these clients had no verdict. */
  long degradedOf(Predicate<String> clients) {
    return load.calls().stream()
        .filter(call -> call.degraded() && clients.test(call.clientId()))
        .count();
  }

  /** The judges' reports, for each life of the store. */
  List<Report> judge() {
    List<Report> reports = new ArrayList<>();
    for (int i = 0; i < lives.size(); i++) {
      long from = lives.get(i);
      long to = i + 1 < lives.size() ? lives.get(i + 1) : Long.MAX_VALUE;
      List<DecisionEvent> life =
          events(d -> d.decidedAtMicros() >= from && d.decidedAtMicros() < to);
      EventLog log = EventLog.of(life, List.of());
      log.leaveOut(key -> lost.test(key.clientId()), "data lost");
      if (cutOff) {
        Set<String> cut = new HashSet<>();
        life.stream()
            .filter(event -> "connection".equals(event.degradedReason()))
            .forEach(event -> cut.add(event.clientId()));
        log.leaveOut(key -> cut.contains(key.clientId()), "a connection was cut");
      }
      reports.add(Bounds.judge(log));
      reports.add(Witness.judge(log));
    }
    return reports;
  }

  private List<DecisionEvent> events(Predicate<Decision> wanted) {
    Recorder recorder = new Recorder();
    for (CheckResult made : decisions) {
      if (wanted.test(made.decision())) {
        recorder.record(made.check(), made.decision());
      }
    }
    return recorder.decisions();
  }

  private double p99Millis() {
    List<Long> micros =
        calls.stream()
            .filter(call -> !pauses.touch(call.dueNanos(), call.doneNanos()))
            .map(SteadyLoad.Call::micros)
            .sorted()
            .toList();
    return micros.get(micros.size() * 99 / 100) / 1_000.0;
  }

  /** What the store says was used, less what it was told to have charged since it last began. */
  private long late() {
    Map<String, Long> told = new HashMap<>();
    for (CheckResult made : decisions) {
      Decision decision = made.decision();
      if (made.check().tenant().equals(SteadyLoad.WIDE)
          && decision instanceof Decision.Allowed
          && decision.source() == Source.REDIS
          && decision.decidedAtMicros() >= lives.getLast()) {
        told.merge(made.check().clientId(), 1L, Long::sum);
      }
    }
    long late = 0;
    for (int i = 0; i < SteadyLoad.WIDE_CLIENTS; i++) {
      String client = "client-" + i;
      if (!lost.test(client)) {
        late +=
            1_000_000 - caller.remaining(SteadyLoad.WIDE, client) - told.getOrDefault(client, 0L);
      }
    }
    return late;
  }

  /** Until the first answer after which a hundred in a row have the store's verdict. */
  private long recoveredMillis() {
    List<SteadyLoad.Call> after =
        calls.stream()
            .filter(call -> call.doneNanos() > endNanos)
            .sorted(Comparator.comparingLong(SteadyLoad.Call::doneNanos))
            .toList();
    int calm = 0;
    for (int i = 0; i < after.size(); i++) {
      calm = after.get(i).degraded() ? 0 : calm + 1;
      if (calm == CALM) {
        return (after.get(i - CALM + 1).doneNanos() - endNanos) / 1_000_000;
      }
    }
    return Long.MAX_VALUE / 1_000_000;
  }

  private static long heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    load.close();
    pauses.close();
    service.close();
  }
}
