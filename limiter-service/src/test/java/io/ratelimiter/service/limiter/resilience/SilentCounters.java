package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.rules.Match;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Counters whose every adjustment returns the stage that the test supplies. */
record SilentCounters(CompletableFuture<Adjustment> answer) implements Counters {

  @Override
  public CompletionStage<Adjustment> refund(Check check, Match match, @Nullable String refundId) {
    return answer;
  }

  @Override
  public CompletionStage<Adjustment> reset(Check check, Match match) {
    return answer;
  }

  @Override
  public CompletionStage<Optional<Settlement>> settle(SettleRequest request) {
    return answer.thenApply(_ -> Optional.empty());
  }
}
