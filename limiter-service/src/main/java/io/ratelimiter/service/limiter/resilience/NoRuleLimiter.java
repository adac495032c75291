package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Micros;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Match;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Allows checks to which no rule applies, without the store. */
public final class NoRuleLimiter implements Limiter {

  private final Limiter next;
  private final InstantSource clock;

  public NoRuleLimiter(Limiter next, InstantSource clock) {
    this.next = next;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    if (!match.rules().isEmpty()) {
      return next.check(check, match);
    }
    return CompletableFuture.completedStage(
        new Decision.Allowed(Source.NONE, null, Micros.of(clock.instant()), List.of()));
  }

  @Override
  public String toString() {
    return "NoRuleLimiter -> " + next;
  }
}
