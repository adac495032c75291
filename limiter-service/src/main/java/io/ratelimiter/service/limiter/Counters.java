package io.ratelimiter.service.limiter;

import io.ratelimiter.service.rules.Match;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Changes what is counted, beside checks. Needs the store: completes exceptionally with {@link
 * StoreUnavailableException} when it does not answer. Never blocks its caller.
 */
public interface Counters {

  /**
   * Gives {@code check.cost()} units back to every limit of the match, shadow ones included, never
   * beyond the limit.
   *
   * @param refundId counts once for the same (tenant, client, limit key), for the longest window
   *     refunded and at least an hour; a repeat changes nothing and is answered like the first,
   *     {@code applied} false. Null: every call counts.
   */
  CompletionStage<Adjustment> refund(Check check, Match match, @Nullable String refundId);

  /**
   * Removes what the check's client and limit key have consumed; {@code check.cost()} is not looked
   * at.
   */
  CompletionStage<Adjustment> reset(Check check, Match match);
}
