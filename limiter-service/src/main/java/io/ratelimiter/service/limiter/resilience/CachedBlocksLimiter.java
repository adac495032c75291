package io.ratelimiter.service.limiter.resilience;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.evaluation.Evaluation;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers a check without the store when the store blocked the same cost on one of its counters
 * less than the retry time ago: a client that keeps retrying, and all clients of an exhausted
 * counter that they share, cost no round trip. Thread-safe, never blocks, bounded.
 *
 * <p>Such an answer blocks nothing that the store would allow:
 *
 * <ol>
 *   <li>A block takes nothing, and other checks can only consume more. So until the limit's retry
 *       time has passed the store would block again.
 *   <li>The retry time runs from the store's decision, which is after the command was sent.
 *       Measured from the sending, it is over no later than in the store.
 *   <li>The retry time of a sliding window counter is exact to within 1 ms, so 1 ms is subtracted.
 *   <li>A block is reused only for the same counter, cost and priority, and for the generation of
 *       the rule set that blocked; by a check that may wait, only while the retry time is longer
 *       than its wait.
 *   <li>A refund, reset or settlement of the client through this instance ends the blocks of its
 *       counters, and those of the counters that the tenant's clients share, also one that was
 *       applied while the check was in flight.
 * </ol>
 *
 * <p>Exceptions, each shorter than {@link #MAX_AGE}: a refund, reset or settlement through another
 * instance, or one that ran after it had timed out, lost data, or a clock that jumps forward.
 *
 * <p>The other limits of the check are those of the block if the same check was blocked and they
 * did not block it; otherwise they are not evaluated. Memory is bounded by a sixteenth of the heap.
 */
public final class CachedBlocksLimiter implements Limiter {

  private static final Duration MAX_AGE = Duration.ofSeconds(1);
  private static final int SHARE_OF_HEAP = 16;
  private static final long COUNTER_TOLERANCE_MICROS = 1_000;

  private final Limiter next;
  private final LongSupplier nanoTime;
  private final CountedAdjustments adjustments;
  private final Cache<BlockedCounter, CachedBlock> blocks;

  /** When a check arrived, and the counts of the adjustments before it. */
  private record Arrival(long nanos, int ofClient, int ofTenant) {

    int adjustments(Rule rule) {
      return rule.terms().acrossClients() ? ofTenant : ofClient;
    }
  }

  /**
   * A limiter without any cached block.
   *
   * @param nanoTime as {@link System#nanoTime()}
   * @param adjustments counts the adjustments through this instance
   */
  public CachedBlocksLimiter(Limiter next, LongSupplier nanoTime, CountedAdjustments adjustments) {
    this.next = next;
    this.nanoTime = nanoTime;
    this.adjustments = adjustments;
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)
            .weigher(CachedBlock::bytes)
            .ticker(nanoTime::getAsLong)
            .expireAfterWrite(MAX_AGE)
            .build();
  }

  @Override
  public CompletionStage<Decision> check(Check check, Match match) {
    if (check.peek()) {
      return next.check(check, match);
    }
    Arrival arrival =
        new Arrival(nanoTime.getAsLong(), adjustments.ofClient(check), adjustments.ofTenant(check));
    Decision cached = cached(check, match, arrival);
    if (cached != null) {
      return CompletableFuture.completedStage(cached);
    }
    return next.check(check, match)
        .whenComplete((decision, _) -> {
          if (decision instanceof Decision.Blocked blocked && blocked.source() == Source.REDIS) {
            cache(check, match, blocked, arrival);
          }
        });
  }

  private @Nullable Decision cached(Check check, Match match, Arrival arrival) {
    List<Rule> rules = match.rules();
    @Nullable CachedBlock[] found = null;
    for (int i = 0; i < rules.size(); i++) {
      CachedBlock block = valid(rules.get(i), check, match.generation(), arrival);
      if (block != null) {
        found = found == null ? new CachedBlock[rules.size()] : found;
        found[i] = block;
      }
    }
    return found == null ? null : CachedAnswer.of(check, rules, found, arrival.nanos());
  }

  private @Nullable CachedBlock valid(Rule rule, Check check, long generation, Arrival arrival) {
    CachedBlock block =
        rule.enforcing() ? blocks.getIfPresent(BlockedCounter.of(rule, check)) : null;
    return block != null
            && block.generation() == generation
            && block.adjustments() == arrival.adjustments(rule)
            && blocks(block, rule, check, block.ageMicros(arrival.nanos()))
        ? block
        : null;
  }

  /** Whether the store would still block; a check that may wait passes earlier. */
  private static boolean blocks(CachedBlock block, Rule rule, Check check, long ageMicros) {
    return ageMicros < block.validMicros()
        && ageMicros + Evaluation.maxWaitMicros(check, rule) < block.limit().retryAfterMicros();
  }

  /**
   * Caches the block under each counter that blocks, unless the cost is above a limit: then no
   * retry passes.
   */
  private void cache(Check check, Match match, Decision.Blocked blocked, Arrival sent) {
    if (blocked.retryAfterMicros() == Evaluated.NEVER) {
      return;
    }
    for (LimitOutcome outcome : blocked.limits()) {
      if (outcome instanceof Evaluated limit && limit.rule().enforcing() && !limit.allowed()) {
        long validMicros = validMicros(limit);
        if (validMicros > 0) {
          blocks.put(
              BlockedCounter.of(limit.rule(), check),
              new CachedBlock(
                  check,
                  blocked,
                  limit,
                  match.generation(),
                  sent.nanos(),
                  validMicros,
                  sent.adjustments(limit.rule())));
        }
      }
    }
  }

  private static long validMicros(Evaluated limit) {
    boolean counter = limit.rule().policy() instanceof Policy.SlidingWindowCounter;
    long micros = limit.retryAfterMicros() - (counter ? COUNTER_TOLERANCE_MICROS : 0);
    return Math.min(micros, MAX_AGE.toNanos() / 1_000);
  }

  @Override
  public String toString() {
    return "CachedBlocksLimiter(max age " + MAX_AGE.toMillis() + " ms) -> " + next;
  }
}
