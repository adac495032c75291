package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Counters of a store that answers every adjustment in the same way, when the test permits it. */
record SilentCounters(CompletableFuture<Adjustment> answer) implements Counters {

  @Override
  public CompletionStage<Adjustment> refund(Check check, Match match, @Nullable String refundId) {
    return answer;
  }

  @Override
  public CompletionStage<Adjustment> reset(Check check, Match match) {
    return answer;
  }
}
