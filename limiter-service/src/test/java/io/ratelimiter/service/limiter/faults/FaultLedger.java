package io.ratelimiter.service.limiter.faults;

import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.proof.Bounds;
import io.ratelimiter.service.limiter.proof.EventLog;
import io.ratelimiter.service.limiter.proof.Excess;
import io.ratelimiter.service.limiter.proof.Recorder;
import io.ratelimiter.service.limiter.proof.Report;
import io.ratelimiter.service.limiter.proof.Witness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The published decisions of a run, compared with what the store has charged.
 *
 * @param starts when the store started without data, microseconds since 1970, rising
 * @param lost clients whose counters were lost, or in part
 * @param cutOff whether connections were cut between a command and its reply
 */
record FaultLedger(
    List<CheckResult> decisions, List<Long> starts, Predicate<String> lost, boolean cutOff) {

  /** Published decisions of checks of the load. */
  long published() {
    Set<String> tenants = new HashSet<>(SteadyLoad.TIGHT);
    tenants.add(SteadyLoad.WIDE);
    return decisions.stream().filter(made -> tenants.contains(made.check().tenant())).count();
  }

  /** Max units of one key beyond the bound of a healthy run. */
  long excess() {
    return Excess.of(events(_ -> true)).values().stream().mapToLong(units -> units).max().orElse(0);
  }

  /** The reports of bounds and witness for the time after each start of the store. */
  List<Report> reports() {
    List<Report> reports = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      long from = starts.get(i);
      long to = i + 1 < starts.size() ? starts.get(i + 1) : Long.MAX_VALUE;
      EventLog log = log(events(d -> d.decidedAtMicros() >= from && d.decidedAtMicros() < to));
      reports.add(Bounds.judge(log));
      reports.add(Witness.judge(log));
    }
    return reports;
  }

  private EventLog log(List<DecisionEvent> events) {
    EventLog log = EventLog.of(events, List.of());
    log.leaveOut(key -> lost.test(key.clientId()), "data lost");
    if (cutOff) {
      Set<String> cut = new HashSet<>();
      events.stream()
          .filter(event -> "connection".equals(event.degradedReason()))
          .forEach(event -> cut.add(event.clientId()));
      log.leaveOut(key -> cut.contains(key.clientId()), "a connection was cut");
    }
    return log;
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

  /**
   * Units that the store has charged to far-from-reached limits since it last started, beyond those
   * that its replies reported.
   */
  long lateCharges(ServiceCaller caller) {
    Map<String, Long> reported = new HashMap<>();
    for (CheckResult made : decisions) {
      Decision decision = made.decision();
      if (made.check().tenant().equals(SteadyLoad.WIDE)
          && decision instanceof Decision.Allowed
          && decision.source() == Source.REDIS
          && decision.decidedAtMicros() >= starts.getLast()) {
        reported.merge(made.check().clientId(), 1L, Long::sum);
      }
    }
    long late = 0;
    for (int i = 0; i < SteadyLoad.WIDE_CLIENTS; i++) {
      String client = "client-" + i;
      if (!lost.test(client)) {
        long charged = 1_000_000 - caller.remaining(SteadyLoad.WIDE, client);
        late += charged - reported.getOrDefault(client, 0L);
      }
    }
    return late;
  }
}
