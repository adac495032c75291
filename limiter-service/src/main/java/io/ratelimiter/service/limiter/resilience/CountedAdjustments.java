package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.rules.Match;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts the refunds, resets and settlements of each client and of each tenant, so that {@link
 * CachedBlocksLimiter} does not reuse blocks that precede them. A failed one counts too: after a
 * timeout the command may have run. Thread-safe, never blocks.
 *
 * <p>The counts take 64 KiB for any number of clients. Clients that share a count lose their cached
 * blocks with each other's adjustments, which changes no decision.
 */
public final class CountedAdjustments implements Counters {

  private static final int COUNTS = 16_384;

  private final Counters next;
  private final AtomicIntegerArray counts = new AtomicIntegerArray(COUNTS);

  public CountedAdjustments(Counters next) {
    this.next = next;
  }

  /**
   * The count of the check's client. It changes with each adjustment of the client, under any limit
   * key, before the adjustment is answered.
   */
  int ofClient(Check check) {
    return counts.get(client(check));
  }

  /** The count of the check's tenant, in the same way. */
  int ofTenant(Check check) {
    return counts.get(tenant(check));
  }

  @Override
  public CompletionStage<Adjustment> refund(Check check, Match match, @Nullable String refundId) {
    return next.refund(check, match, refundId).whenComplete((_, _) -> increment(check));
  }

  @Override
  public CompletionStage<Adjustment> reset(Check check, Match match) {
    return next.reset(check, match).whenComplete((_, _) -> increment(check));
  }

  @Override
  public CompletionStage<Optional<Settlement>> settle(SettleRequest request) {
    return next.settle(request)
        .whenComplete((settled, failure) -> {
          // Needs no token: repeats and unknown decisions must not end the blocks of the tenant.
          if (failure != null || settled.map(made -> made.adjustment().applied()).orElse(false)) {
            increment(request.clientCheck());
          }
        });
  }

  /**
   * Counts when the store has answered: any check that was sent earlier may have been decided
   * before the adjustment.
   */
  private void increment(Check check) {
    counts.incrementAndGet(client(check));
    counts.incrementAndGet(tenant(check));
  }

  private static int client(Check check) {
    return check.clientHash() & (COUNTS - 1);
  }

  private static int tenant(Check check) {
    return check.tenantHash() & (COUNTS - 1);
  }
}
