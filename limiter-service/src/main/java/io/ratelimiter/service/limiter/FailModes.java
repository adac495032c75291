package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides without the store by the fail mode: that of the rules that apply, else the service's. Of
 * several, closed wins over local over open. Shadow rules have no say.
 */
public final class FailModes implements FallbackLimiter {

  /** When to ask again after a fail-closed answer: the breaker's probe runs as often. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final FailMode ofService;
  private final FallbackLimiter local;
  private final InstantSource clock;

  public FailModes(FailMode ofService, FallbackLimiter local, InstantSource clock) {
    this.ofService = ofService;
    this.local = local;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match, DegradedReason reason) {
    return switch (failMode(match)) {
      case LOCAL -> local.check(check, match, reason);
      case OPEN ->
          CompletableFuture.completedStage(
              new Decision.Allowed(Source.NONE, reason, nowMicros(), unjudged(match)));
      case CLOSED ->
          CompletableFuture.completedStage(
              new Decision.FailedClosed(
                  reason, nowMicros(), unjudged(match), RETRY_AFTER.toMillis() * 1_000));
    };
  }

  private FailMode failMode(Match match) {
    FailMode strictest = FailMode.OPEN;
    for (Rule rule : match.rules()) {
      if (rule.enforcing()) {
        FailMode mode = rule.failMode() == null ? ofService : rule.failMode();
        strictest = mode.compareTo(strictest) > 0 ? mode : strictest;
      }
    }
    return strictest;
  }

  private static List<LimitOutcome> unjudged(Match match) {
    List<LimitOutcome> limits = new ArrayList<>(match.rules().size());
    for (Rule rule : match.rules()) {
      limits.add(new LimitOutcome.Unjudged(rule));
    }
    return limits;
  }

  private long nowMicros() {
    return Micros.of(clock.instant());
  }
}
