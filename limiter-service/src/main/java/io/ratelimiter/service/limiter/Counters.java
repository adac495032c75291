package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Refunds, resets and settles consumption. Needs the store: the stage completes exceptionally with
 * {@link StoreUnavailableException} when the store does not answer. Never blocks its caller.
 */
public interface Counters {

  /**
   * Gives {@code check.cost()} units back to every limit of the match, shadow ones included, never
   * beyond the limit.
   *
   * @param refundId applied once per (tenant, client, limit key) within the longest window refunded
   *     and at least an hour; a repeat changes nothing and returns the first answer with {@code
   *     applied} false. Null: every call is applied.
   */
  CompletionStage<Adjustment> refund(Check check, Match match, @Nullable String refundId);

  /**
   * Removes what the check's client and limit key have consumed; {@code check.cost()} is ignored.
   */
  CompletionStage<Adjustment> reset(Check check, Match match);

  /**
   * Replaces the estimated cost of a decision by its real cost, on the counters that were charged,
   * under the rules as they were then. Applied once per decision; a repeat changes nothing and
   * returns the first answer with {@code applied} false.
   *
   * @return empty when the decision is unknown or its time to settle is over
   */
  CompletionStage<Optional<Settlement>> settle(SettleRequest request);
}
