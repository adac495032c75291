package io.ratelimiter.service.limiter.contract;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.TimedLimiter;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client of a tenant of its own, its rules and a clock that the test sets. Instants are
 * microseconds from {@link #START}.
 */
final class Scene {

  /**
   * The beginning of a day, and so of every window in use. Later than the real clock, since Redis
   * deletes keys whose expiry has passed.
   */
  static final long START = 46_297L * 86_400 * 1_000_000;

  static final long SECOND = 1_000_000;

  private final TimedLimiter limiter;
  private final String tenant = UUID.randomUUID().toString();
  private List<Rule> rules;
  private String client = "client";
  private String limitKey = "global";
  private Attributes attributes = Attributes.NONE;
  private CheckOptions options = CheckOptions.DEFAULT;
  private int decisions;
  private long offset;

  Scene(TimedLimiter limiter, Rule... rules) {
    this.limiter = limiter;
    this.rules = List.of(rules);
  }

  /** Replaces the rules. */
  Scene rules(Rule... changed) {
    rules = List.of(changed);
    return this;
  }

  /** Replaces the client by another one of the tenant. */
  Scene client(String other) {
    client = other;
    return this;
  }

  /** Sets the attribute {@code ip}. */
  Scene from(String ip) {
    attributes = Attributes.of(Map.of("ip", ip));
    return this;
  }

  /** Replaces the limit key. */
  Scene limitKey(String other) {
    limitKey = other;
    return this;
  }

  /** Replaces the options of the checks; each that can be settled gets an id of its own. */
  Scene with(CheckOptions other) {
    options = other;
    return this;
  }

  /** Sets the priority of the checks, which then neither wait nor can be settled. */
  Scene priority(Priority other) {
    return with(new CheckOptions(other, 0, 0, null));
  }

  /** Sets the max wait of the checks, of normal priority. */
  Scene waiting(long millis) {
    return with(new CheckOptions(Priority.NORMAL, millis, 0, null));
  }

  /** Lets the checks be settled within a minute; they have normal priority and do not wait. */
  Scene settling() {
    return with(new CheckOptions(Priority.NORMAL, 0, 60_000, null));
  }

  /** Sets the clock to {@code micros} after the start. */
  Scene at(long micros) {
    offset = micros;
    return this;
  }

  Decision check(long cost) {
    CheckOptions own = options.settles() ? options.decidedAs("d" + ++decisions) : options;
    return limiter.check(START + offset, checkOf(cost).with(own), new Match(rules, 1));
  }

  Adjustment refund(long cost) {
    return refund(cost, null);
  }

  Adjustment refund(long cost, @Nullable String id) {
    return limiter.refund(START + offset, checkOf(cost), new Match(rules, 1), id);
  }

  Adjustment reset() {
    return limiter.reset(START + offset, checkOf(0), new Match(rules, 1));
  }

  /** Settles the last decision. */
  Optional<Settlement> settle(long cost) {
    return settle(decisions, cost);
  }

  /** Settles the decision of this number, 1 for the first that can be settled, by the rules now. */
  Optional<Settlement> settle(int decision, long cost) {
    SettleRequest request = new SettleRequest(tenant, client, "d" + decision, cost);
    return limiter.settle(START + offset, request.under(new RuleSet(1, rules)::inForce));
  }

  /** Settles the last decision; returns the effect on the first limit. */
  Adjustment.Limit settled(long cost) {
    return settle(cost).orElseThrow().adjustment().limits().getFirst();
  }

  /** Checks this cost; returns the outcome of the first limit. */
  Seen take(long cost) {
    return seen(check(cost)).getFirst();
  }

  /** Checks a cost of 0; returns the outcome of the first limit. */
  Seen peek() {
    return take(0);
  }

  /** Remaining units of the first limit. */
  long left() {
    return peek().remaining();
  }

  /** The outcomes of all limits. */
  static List<Seen> seen(Decision decision) {
    return decision.limits().stream().map(limit -> Seen.of((Evaluated) limit)).toList();
  }

  /** Remaining units of all limits. */
  static List<Long> remaining(Decision decision) {
    return seen(decision).stream().map(Seen::remaining).toList();
  }

  static Evaluated first(Decision decision) {
    return (Evaluated) decision.limits().getFirst();
  }

  private Check checkOf(long cost) {
    return new Check(tenant, client, limitKey, attributes, cost);
  }

  /**
   * The outcome of one limit.
   *
   * @param retryAfter µs from the decision; the wait, or 0, when allowed; −1 when never
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

    private static Seen of(Evaluated evaluated) {
      return new Seen(
          evaluated.allowed(),
          evaluated.remaining(),
          evaluated.retryAfterMicros(),
          evaluated.resetAtMicros() - START,
          evaluated.nextUnitMicros());
    }
  }
}
