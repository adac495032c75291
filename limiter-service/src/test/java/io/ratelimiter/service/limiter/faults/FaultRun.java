package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.service.ServiceUnderTest;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Micros;
import io.ratelimiter.service.limiter.proof.Report;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * run.storeLosesData();
 * redis.start();
 * run.end();
 * FaultRow row = run.row("R1", declared, remark);
 * }</pre>
 */
final class FaultRun implements AutoCloseable {

  static final Duration TIMEOUT = Duration.ofMillis(50);

  /** Units that one key may get again when the store loses its data: a burst. */
  static final long BURST = 20;

  private static final int SECONDS_BEFORE = 5;
  private static final int SECONDS_AFTER = 6;

  /** The declared bounds of a fault: units beyond the healthy bound, and unreported charges. */
  record Declared(long excess, long late) {}

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ServiceUnderTest service;
  private final ServiceCaller caller;
  private final SteadyLoad load;
  private final MachinePauses pauses = new MachinePauses();
  private final List<Long> starts = new ArrayList<>(List.of(0L));
  private Predicate<String> lost = _ -> false;
  private boolean cutOff;
  private int threadsBefore;
  private long heapBefore;
  private long endNanos;

  FaultRun(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("REDIS_TIMEOUT_MS", Long.toString(TIMEOUT.toMillis()));
    all.put("RULES_FILE", rules());
    service = new ServiceUnderTest(all);
    caller = new ServiceCaller(service.url());
    load = new SteadyLoad(caller);
  }

  /** Environment of a service that uses the Redis at this port. */
  static Map<String, String> at(int redisPort, String failMode) {
    return Map.of("REDIS_PORT", Integer.toString(redisPort), "FAIL_MODE", failMode);
  }

  private static String rules() {
    return Path.of(FaultRun.class.getResource("/fault-rules.json").getPath()).toString();
  }

  /** Sends checks for some seconds; the fault begins when this returns. */
  void begin() {
    load.start();
    goOn(SECONDS_BEFORE);
    heapBefore = heapMegabytes();
    threadsBefore = threads.getThreadCount();
    threads.resetPeakThreadCount();
  }

  /** Waits until the checks of this many seconds have been answered. */
  void goOn(int seconds) {
    int until = load.answered() + seconds * SteadyLoad.PER_SECOND;
    Awaitility.await("answers to go on")
        .atMost(Duration.ofSeconds(30 + seconds))
        .until(() -> load.answered() >= until);
  }

  /** Max charges that are late when the store stops now: rate × timeout + concurrency. */
  long lateBound() {
    return SteadyLoad.PER_SECOND * TIMEOUT.toMillis() / 1_000 + Math.max(1, load.inFlight());
  }

  /** The store starts again without data. */
  void storeLosesData() {
    starts.add(Micros.of(Instant.now()));
  }

  /** The counters of these clients are lost, or in part. */
  void losesDataOf(Predicate<String> clients) {
    lost = clients;
  }

  /** Connections are cut between a command and its reply, so it is unknown whether it charged. */
  void cutsConnections() {
    cutOff = true;
  }

  /** The fault is over. */
  void end() {
    endNanos = System.nanoTime();
  }

  /** Sends checks for some more seconds, stops the load and returns the results. */
  FaultRow row(String fault, Declared declared, String remark) {
    goOn(SECONDS_AFTER);
    load.close();
    Awaitility.await("the last answers").until(() -> load.inFlight() == 0);
    String footprint =
        "threads %d, max %d; heap %d → %d MB"
            .formatted(threadsBefore, threads.getPeakThreadCount(), heapBefore, heapMegabytes());
    List<SteadyLoad.Call> calls = load.calls();
    FaultLedger ledger = ledger();
    FaultTimes times = new FaultTimes(calls, pauses, endNanos);
    return new FaultRow(
        fault,
        calls.size(),
        calls.stream().filter(call -> call.status() == 0).count(),
        calls.stream().filter(call -> call.status() >= 500).count(),
        degradedSoFar(),
        times.p99Millis(),
        ledger.excess(),
        declared.excess(),
        ledger.lateCharges(caller),
        declared.late() + SteadyLoad.PER_SECOND * pauses.longestMillis() / 1_000,
        times.recoveredMillis(),
        pauses.longestMillis(),
        remark.isEmpty() ? footprint : remark + "; " + footprint);
  }

  private FaultLedger ledger() {
    return new FaultLedger(service.published().decisions(), List.copyOf(starts), lost, cutOff);
  }

  /** The reports of bounds and witness. */
  List<Report> reports() {
    return ledger().reports();
  }

  /** Threads added during the fault. */
  int addedThreads() {
    return threads.getPeakThreadCount() - threadsBefore;
  }

  /** Answered checks less published decisions. */
  long unpublished() {
    return load.calls().size() - ledger().published();
  }

  /** Degraded answers up to now. */
  long degradedSoFar() {
    return load.calls().stream().filter(SteadyLoad.Call::degraded).count();
  }

  /** All clients of the load. */
  Set<String> clients() {
    Set<String> clients = new HashSet<>();
    load.calls().forEach(call -> clients.add(call.clientId()));
    return clients;
  }

  /** Decisions that were degraded for these reasons. */
  long degraded(DegradedReason... reasons) {
    Set<DegradedReason> wanted = Set.of(reasons);
    return service.published().decisions().stream()
        .filter(made -> made.decision().degradedReason() != null)
        .filter(made -> wanted.contains(made.decision().degradedReason()))
        .count();
  }

  /** Degraded answers to checks of these clients. */
  long degradedOf(Predicate<String> clients) {
    return load.calls().stream()
        .filter(call -> call.degraded() && clients.test(call.clientId()))
        .count();
  }

  private static long heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
  }

  @Override
  public void close() {
    load.close();
    pauses.close();
    service.close();
  }
}
