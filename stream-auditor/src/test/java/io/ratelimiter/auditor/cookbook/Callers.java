package io.ratelimiter.auditor.cookbook;

import io.ratelimiter.auditor.cookbook.Call.Outcome;
import io.ratelimiter.auditor.cookbook.Call.Spending;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The clients of three tenants, and what they call: the same in each run, but for the day. A rule
 * is changed in between, the store fails for some minutes, and some blocks come in bursts.
 */
final class Callers {

  private static final String[] KEYS = {"global", "search", "/v1/orders"};
  private static final long MINUTE_MICROS = 60_000_000;

  private final Random random = new Random(24);

  /** Of priorities, waits and settlements, which change nothing else. */
  private final Random spending = new Random(26);

  private final long nowMicros;
  private final long lastHourMicros;
  private final long[] revisions;
  private final List<Call> calls = new ArrayList<>();

  /**
   * Creates callers.
   *
   * @param now end of the calls, after half past an hour
   * @param revisions of the rule {@code default} before and after its change, which was half an
   *     hour before the last whole hour
   */
  Callers(Instant now, long[] revisions) {
    this.revisions = revisions;
    nowMicros = now.toEpochMilli() * 1_000;
    lastHourMicros = now.truncatedTo(ChronoUnit.HOURS).minusSeconds(3_600).toEpochMilli() * 1_000;
  }

  /** Start of the last whole hour, microseconds since 1970. */
  long lastHourMicros() {
    return lastHourMicros;
  }

  /** All calls, by time. */
  List<Call> call() {
    hour(Duration.ofDays(-7), 300);
    hour(Duration.ofHours(-27), 120);
    hour(Duration.ofHours(-1), 1_200);
    hour(Duration.ZERO, 2_000);
    hour(Duration.ofHours(1), 1_200);
    calls.removeIf(call -> call.atMicros() >= nowMicros);
    calls.sort(Comparator.comparingLong(Call::atMicros));
    return calls;
  }

  private void hour(Duration fromLast, int checks) {
    long start = lastHourMicros + fromLast.toMillis() * 1_000;
    for (int i = 0; i < checks; i++) {
      check(start + random.nextLong(60 * MINUTE_MICROS));
    }
  }

  private void check(long at) {
    int chosen = random.nextInt(10);
    String tenant = chosen < 5 ? "default" : chosen < 8 ? "acme" : "globex";
    String client = tenant + "-" + (int) (Math.pow(random.nextDouble(), 3) * 400);
    boolean changed = at >= lastHourMicros - 30 * MINUTE_MICROS;
    String rule = random.nextInt(20) == 0 ? null : tenant.equals("acme") ? Call.GOLD : "default";
    long revision = rule == null ? 0 : rule.equals(Call.GOLD) ? 3 : revisions[changed ? 1 : 0];
    int fate = random.nextInt(100);
    Outcome outcome = rule == null ? Outcome.ALLOWED : outcome(tenant, at, fate);
    Boolean shadow = random.nextInt(10) == 0 ? (Boolean) (random.nextInt(3) > 0) : null;
    Call call =
        new Call(
            at,
            "limiter-" + (1 + random.nextInt(2)),
            tenant,
            client,
            KEYS[random.nextInt(KEYS.length)],
            outcome == Outcome.COST_EXCEEDS_LIMIT ? 900 : 1 + random.nextInt(3),
            outcome,
            rule,
            revision,
            "redis",
            null,
            shadow,
            100 + random.nextInt(3_000),
            Spending.PLAIN);
    add(withoutStore(at) && rule != null ? degraded(call) : call.with(spending(call)), fate);
  }

  /** Lower priorities are blocked more often; a tenth of what a rule allows has to wait. */
  private Spending spending(Call call) {
    int chosen = spending.nextInt(100);
    boolean blocked = call.outcome() == Outcome.LIMIT_EXCEEDED;
    String priority =
        chosen < (blocked ? 60 : 15) ? "low" : chosen < (blocked ? 63 : 35) ? "high" : "normal";
    boolean waits =
        call.outcome() == Outcome.ALLOWED && call.rule() != null && spending.nextInt(10) == 0;
    return new Spending(priority, waits ? 1 + spending.nextLong(2_000_000) : 0, 0, 0);
  }

  /** Blocks of {@code acme} come in six of eleven minutes, those of others in six of seven. */
  private static Outcome outcome(String tenant, long at, int fate) {
    long minute = at / MINUTE_MICROS;
    boolean busy = tenant.equals("acme") ? minute % 11 < 6 : minute % 7 != 3;
    if (fate < 3 && busy) {
      return Outcome.COST_EXCEEDS_LIMIT;
    }
    return fate < 35 && busy ? Outcome.LIMIT_EXCEEDED : Outcome.ALLOWED;
  }

  private boolean withoutStore(long at) {
    long minute = (at - lastHourMicros) / MINUTE_MICROS;
    return minute >= 20 && minute < 24;
  }

  /** The first limiter decides with its own share of the limit, the second fails closed. */
  private static Call degraded(Call call) {
    boolean closed = call.instance().equals("limiter-2");
    return new Call(
        call.atMicros(),
        call.instance(),
        call.tenant(),
        call.client(),
        call.limitKey(),
        call.cost(),
        closed ? Outcome.STORE_UNAVAILABLE : call.outcome(),
        call.rule(),
        call.revision(),
        closed ? "none" : "local",
        closed ? "timeout" : "circuit_open",
        closed ? null : call.shadowAllows(),
        call.latencyMicros(),
        call.spending());
  }

  private void add(Call call, int fate) {
    calls.add(call);
    if (call.outcome() == Outcome.ALLOWED && fate > 94) {
      calls.add(call.followedBy(Outcome.REFUND));
    } else if (call.outcome() == Outcome.LIMIT_EXCEEDED && fate == 3) {
      calls.add(call.followedBy(Outcome.RESET));
    } else if (call.outcome() == Outcome.ALLOWED && call.rule() != null && fate > 85) {
      long cost = spending.nextInt(7);
      long excess = Math.max(0, cost - call.cost());
      calls.add(call.settledAt(cost, spending.nextLong(excess + 1)));
    }
  }
}
