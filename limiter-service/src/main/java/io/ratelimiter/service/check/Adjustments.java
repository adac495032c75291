package io.ratelimiter.service.check;

import io.ratelimiter.service.check.AdjustmentResult.Kind;
import io.ratelimiter.service.check.AdjustmentResult.Settled;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.Match;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The use cases of a refund, a reset and a settlement. Never blocks; fails with {@link
 * io.ratelimiter.service.limiter.StoreUnavailableException} when the store does not answer.
 */
public final class Adjustments {

  private final ActiveRules rules;
  private final Counters counters;
  private final DecisionPublisher publisher;
  private final SettlementMetrics metrics;
  private final InstantSource clock;
  private final UniqueIds adjustmentIds = new UniqueIds();

  public Adjustments(
      ActiveRules rules,
      Counters counters,
      DecisionPublisher publisher,
      SettlementMetrics metrics,
      InstantSource clock) {
    this.rules = rules;
    this.counters = counters;
    this.publisher = publisher;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Gives the check's cost back, never beyond the limit.
   *
   * @param refundId a second refund with the same id is not applied; null: every call is applied
   */
  public CompletionStage<AdjustmentResult> refund(
      Check check, String correlationId, @Nullable String refundId) {
    Match match = match(check);
    return (match.rules().isEmpty() ? nothing() : counters.refund(check, match, refundId))
        .thenApply(made -> publish(Kind.REFUND, check, correlationId, refundId, made));
  }

  /** Removes all consumption of the client and limit key. */
  public CompletionStage<AdjustmentResult> reset(Check check, String correlationId) {
    Match match = match(check);
    return (match.rules().isEmpty() ? nothing() : counters.reset(check, match))
        .thenApply(made -> publish(Kind.RESET, check, correlationId, null, made));
  }

  /**
   * Replaces the estimated cost of a decision by its real cost.
   *
   * @return empty when the decision is unknown or its time to settle is over
   */
  public CompletionStage<Optional<AdjustmentResult>> settle(
      SettleRequest request, String correlationId) {
    return counters
        .settle(request.under(rules.current()::inForce))
        .thenApply(settlement -> {
          metrics.settled(settlement);
          return settlement.map(made -> publishSettled(request.decisionId(), correlationId, made));
        });
  }

  private AdjustmentResult publishSettled(
      String decisionId, String correlationId, Settlement made) {
    Adjustment adjustment = made.adjustment();
    return publish(
        new AdjustmentResult(
            adjustment.applied() ? adjustmentIds.next() : null,
            Kind.SETTLE,
            correlationId,
            made.check(),
            null,
            new Settled(decisionId, made.cost()),
            adjustment));
  }

  private Match match(Check check) {
    return rules.current().match(check, clock.millis()).counted();
  }

  /** Without a rule nothing is counted. */
  private CompletionStage<Adjustment> nothing() {
    return CompletableFuture.completedStage(
        new Adjustment(false, clock.millis() * 1_000, List.of()));
  }

  private AdjustmentResult publish(
      Kind kind, Check check, String correlationId, @Nullable String refundId, Adjustment made) {
    String id = made.applied() ? adjustmentIds.next() : null;
    return publish(new AdjustmentResult(id, kind, correlationId, check, refundId, made));
  }

  private AdjustmentResult publish(AdjustmentResult result) {
    if (result.adjustment().applied()) {
      publisher.publish(result);
    }
    return result;
  }
}
