package io.ratelimiter.service.limiter.contract;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Judged;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One client, its rules and a clock that stands where the test puts it. Instants are microseconds
 * from {@link #START}.
 */
final class Scene {

  /**
   * Where a day begins, and so every window in use; after the real clock, since Redis deletes at
   * once a key whose expiry has passed.
   */
  static final long START = 46_297L * 86_400 * 1_000_000;

  static final long SECOND = 1_000_000;

  private final TimedLimiter limiter;
  private final String client = UUID.randomUUID().toString();
  private List<Rule> rules;
  private String limitKey = "global";
  private long offset;

  Scene(TimedLimiter limiter, Rule... rules) {
    this.limiter = limiter;
    this.rules = List.of(rules);
  }

  /** From now on other rules apply. */
  Scene rules(Rule... changed) {
    rules = List.of(changed);
    return this;
  }

  /** From now on another limit key is asked for. */
  Scene limitKey(String other) {
    limitKey = other;
    return this;
  }

  /** Puts the clock to {@code micros} after the start. */
  Scene at(long micros) {
    offset = micros;
    return this;
  }

  Decision check(long cost) {
    return limiter.check(START + offset, asked(cost), new Match(rules, 1));
  }

  Adjustment refund(long cost) {
    return refund(cost, null);
  }

  Adjustment refund(long cost, @Nullable String id) {
    return limiter.refund(START + offset, asked(cost), new Match(rules, 1), id);
  }

  Adjustment reset() {
    return limiter.reset(START + offset, asked(0), new Match(rules, 1));
  }

  /** What came of the first limit. */
  Seen take(long cost) {
    return seen(check(cost)).getFirst();
  }

  /** What looking shows of the first limit. */
  Seen look() {
    return take(0);
  }

  /** Units that the first limit has left. */
  long left() {
    return look().remaining();
  }

  /** What came of every limit. */
  static List<Seen> seen(Decision decision) {
    return decision.limits().stream().map(limit -> Seen.of((Judged) limit)).toList();
  }

  static Judged first(Decision decision) {
    return (Judged) decision.limits().getFirst();
  }

  private Check asked(long cost) {
    return new Check("default", client, limitKey, cost);
  }

  /**
   * One limit's figures.
   *
   * @param retryAfter µs from the decision; 0 when allowed, −1 when never
   * @param resetAt µs from the start
   * @param nextUnit µs from the decision
   */
  record Seen(boolean allowed, long remaining, long retryAfter, long resetAt, long nextUnit) {

    static Seen allowed(long remaining, long resetAt, long nextUnit) {
      return new Seen(true, remaining, 0, resetAt, nextUnit);
    }

    static Seen blocked(long remaining, long retryAfter, long resetAt, long nextUnit) {
      return new Seen(false, remaining, retryAfter, resetAt, nextUnit);
    }

    private static Seen of(Judged judged) {
      return new Seen(
          judged.allowed(),
          judged.remaining(),
          judged.retryAfterMicros(),
          judged.resetAtMicros() - START,
          judged.nextUnitMicros());
    }
  }
}
