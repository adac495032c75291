package io.ratelimiter.service.check;

import io.ratelimiter.service.decisions.DecisionPublisher;
import io.ratelimiter.service.decisions.MadeAdjustment;
import io.ratelimiter.service.decisions.MadeAdjustment.Kind;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Match;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gives back and resets what is counted, and tells it. Never blocks; fails with {@link
 * io.ratelimiter.service.limiter.StoreUnavailableException} when the store does not answer.
 */
public final class Adjustments {

  private final ActiveRules rules;
  private final Counters counters;
  private final DecisionPublisher publisher;
  private final InstantSource clock;
  private final UniqueIds adjustmentIds = new UniqueIds();

  public Adjustments(
      ActiveRules rules, Counters counters, DecisionPublisher publisher, InstantSource clock) {
    this.rules = rules;
    this.counters = counters;
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Gives the check's cost back, never beyond the limit.
   *
   * @param refundId counts once; null: every call counts
   */
  public CompletionStage<AdjustmentAnswer> refund(
      Check check, String correlationId, @Nullable String refundId) {
    Match match = match(check);
    return (match.rules().isEmpty() ? nothing() : counters.refund(check, match, refundId))
        .thenApply(made -> tell(Kind.REFUND, check, correlationId, refundId, made));
  }

  /** Removes all that the client and limit key have consumed. */
  public CompletionStage<AdjustmentAnswer> reset(Check check, String correlationId) {
    Match match = match(check);
    return (match.rules().isEmpty() ? nothing() : counters.reset(check, match))
        .thenApply(made -> tell(Kind.RESET, check, correlationId, null, made));
  }

  private Match match(Check check) {
    return rules
        .current()
        .match(check.tenant(), check.clientId(), check.limitKey(), clock.millis());
  }

  /** No rule, so nothing is counted. */
  private CompletionStage<Adjustment> nothing() {
    return CompletableFuture.completedStage(
        new Adjustment(false, clock.millis() * 1_000, List.of()));
  }

  private AdjustmentAnswer tell(
      Kind kind, Check check, String correlationId, @Nullable String refundId, Adjustment made) {
    if (!made.applied()) {
      return new AdjustmentAnswer(null, correlationId, check, made);
    }
    String id = adjustmentIds.next();
    publisher.publish(new MadeAdjustment(id, kind, correlationId, check, refundId, made));
    return new AdjustmentAnswer(id, correlationId, check, made);
  }
}
