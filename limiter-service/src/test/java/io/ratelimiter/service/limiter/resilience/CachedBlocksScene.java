package io.ratelimiter.service.limiter.resilience;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Settlement;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The limiter under test on the reference model as its store, with the clock of the test. */
abstract class CachedBlocksScene {

  static final long START_MICROS = 4_000_000_000_000_000L;
  static final long SEED = 20_261_124L;

  final ModelLimiter model = new ModelLimiter();

  /** The checks that the store received. */
  final List<Check> sent = new ArrayList<>();

  long nowMicros = START_MICROS;

  /** Time from sending a command to the store's decision. */
  long sendingMicros;

  final Limiter store = this::store;
  final CountedAdjustments counters = new CountedAdjustments(new ModelCounters());
  final CachedBlocksLimiter limiter =
      new CachedBlocksLimiter(store, () -> (nowMicros - START_MICROS) * 1_000, counters);

  /** The model's adjustments at the current time of the test. */
  private final class ModelCounters implements Counters {

    @Override
    public CompletionStage<Adjustment> refund(Check check, Match match, @Nullable String refundId) {
      return CompletableFuture.completedStage(model.refund(nowMicros, check, match, refundId));
    }

    @Override
    public CompletionStage<Adjustment> reset(Check check, Match match) {
      return CompletableFuture.completedStage(model.reset(nowMicros, check, match));
    }

    @Override
    public CompletionStage<Optional<Settlement>> settle(SettleRequest request) {
      return CompletableFuture.completedStage(model.settle(nowMicros, request));
    }
  }

  final CompletionStage<Decision> store(Check check, Match match) {
    sent.add(check);
    return CompletableFuture.completedStage(model.check(nowMicros + sendingMicros, check, match));
  }

  final Decision check(Check check, Match match) {
    return limiter.check(check, match).toCompletableFuture().join();
  }
}
