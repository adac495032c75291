package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.LimitOutcome.NotEvaluated;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Micros;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides rules of rate 0, without the store: an enforcing one blocks the check, and its other
 * limits are not evaluated. A shadow one is reported as blocking beside the decision on the others.
 */
public final class BanLimiter implements Limiter {

  private final Limiter next;
  private final InstantSource clock;

  /**
   * A limiter of rules of rate 0.
   *
   * @param next decides the other rules of a check, also when there are none
   */
  public BanLimiter(Limiter next, InstantSource clock) {
    this.next = next;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    boolean bans = false;
    for (Rule rule : match.rules()) {
      if (rule.policy() instanceof Policy.Ban) {
        if (rule.enforcing()) {
          return CompletableFuture.completedStage(blocked(match));
        }
        bans = true;
      }
    }
    return bans
        ? next.check(check, match.counted()).thenApply(decision -> withBans(decision, match))
        : next.check(check, match);
  }

  private Decision blocked(Match match) {
    long nowMicros = Micros.of(clock.instant());
    List<LimitOutcome> limits = new ArrayList<>(match.rules().size());
    for (Rule rule : match.rules()) {
      limits.add(
          rule.policy() instanceof Policy.Ban ? ban(rule, nowMicros) : new NotEvaluated(rule));
    }
    return new Decision.Blocked(
        Source.NONE, null, nowMicros, limits, BlockReason.COST_EXCEEDS_LIMIT, Evaluated.NEVER);
  }

  private static Evaluated ban(Rule rule, long nowMicros) {
    return new Evaluated(rule, false, false, false, nowMicros, 0, Evaluated.NEVER, nowMicros, 0);
  }

  /** Inserts the limits of rate 0, in the order of the match, into a decision on the others. */
  private static Decision withBans(Decision decision, Match match) {
    List<LimitOutcome> limits = new ArrayList<>(match.rules().size());
    Iterator<LimitOutcome> counted = decision.limits().iterator();
    for (Rule rule : match.rules()) {
      limits.add(
          rule.policy() instanceof Policy.Ban
              ? ban(rule, decision.decidedAtMicros())
              : counted.next());
    }
    return switch (decision) {
      case Decision.Allowed allowed ->
          new Decision.Allowed(
              allowed.source(), allowed.degradedReason(), allowed.decidedAtMicros(), limits);
      case Decision.Blocked blocked ->
          new Decision.Blocked(
              blocked.source(),
              blocked.degradedReason(),
              blocked.decidedAtMicros(),
              limits,
              blocked.reason(),
              blocked.retryAfterMicros());
      case Decision.FailedClosed failed ->
          new Decision.FailedClosed(
              failed.degradedReason(), failed.decidedAtMicros(), limits, failed.retryAfterMicros());
    };
  }

  @Override
  public String toString() {
    return "BanLimiter -> " + next;
  }
}
