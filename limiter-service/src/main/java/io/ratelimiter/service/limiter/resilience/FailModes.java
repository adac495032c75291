package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.FallbackLimiter;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Micros;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides without the store by the fail mode of the rules that apply, or the service's where a rule
 * has none. Of several, closed wins over local over open. Shadow rules are ignored.
 */
public final class FailModes implements FallbackLimiter {

  /** Retry time of fail-closed answers: the period of the breaker's probe. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final FailMode serviceDefault;
  private final FallbackLimiter local;
  private final InstantSource clock;

  public FailModes(FailMode serviceDefault, FallbackLimiter local, InstantSource clock) {
    this.serviceDefault = serviceDefault;
    this.local = local;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match, DegradedReason reason) {
    return switch (failMode(match)) {
      case LOCAL -> local.check(check, match, reason);
      case OPEN ->
          CompletableFuture.completedStage(
              new Decision.Allowed(Source.NONE, reason, nowMicros(), notEvaluated(match)));
      case CLOSED ->
          CompletableFuture.completedStage(
              new Decision.FailedClosed(
                  reason, nowMicros(), notEvaluated(match), RETRY_AFTER.toMillis() * 1_000));
    };
  }

  private FailMode failMode(Match match) {
    FailMode strictest = FailMode.OPEN;
    for (Rule rule : match.rules()) {
      if (rule.enforcing()) {
        FailMode mode = rule.failMode() == null ? serviceDefault : rule.failMode();
        strictest = mode.compareTo(strictest) > 0 ? mode : strictest;
      }
    }
    return strictest;
  }

  private static List<LimitOutcome> notEvaluated(Match match) {
    return match.rules().stream().<LimitOutcome>map(LimitOutcome.NotEvaluated::new).toList();
  }

  private long nowMicros() {
    return Micros.of(clock.instant());
  }

  @Override
  public String toString() {
    return "FailModes(default " + serviceDefault.wireName() + ", local: " + local + ")";
  }
}
