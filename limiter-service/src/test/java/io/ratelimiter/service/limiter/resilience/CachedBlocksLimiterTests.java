package io.ratelimiter.service.limiter.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Counters;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.limiter.local.ModelLimiter;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CachedBlocksLimiterTests {

  private static final long START_MICROS = 4_000_000_000_000_000L;
  private static final long SEED = 20_261_124L;

  private final ModelLimiter model = new ModelLimiter();
  private final List<Check> sent = new ArrayList<>();
  private long nowMicros = START_MICROS;

  /** Time from sending a command to the store's decision. */
  private long sendingMicros;

  private final Limiter store = this::store;
  private final CountedAdjustments counters = new CountedAdjustments(new ModelCounters());
  private final CachedBlocksLimiter limiter =
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
  }

  private CompletionStage<Decision> store(Check check, Match match) {
    sent.add(check);
    return CompletableFuture.completedStage(model.check(nowMicros + sendingMicros, check, match));
  }

  private Decision check(Check check, Match match) {
    return limiter.check(check, match).toCompletableFuture().join();
  }

  private static Check one() {
    return new Check("default", "client", "key", 1);
  }

  @Test
  void aCachedBlockIsReturnedUntilItsRetryTimeHasPassed() {
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(10, 1, 1)));
    check(one(), match);
    Decision.Blocked first = (Decision.Blocked) check(one(), match);

    nowMicros += 40_000;
    Decision.Blocked cached = (Decision.Blocked) check(one(), match);

    assertThat(sent).hasSize(2);
    assertThat(cached.source()).isEqualTo(Source.CACHE);
    assertThat(cached.retryAfterMicros()).isEqualTo(first.retryAfterMicros() - 40_000);
    assertThat(cached.decidedAtMicros()).isEqualTo(first.decidedAtMicros() + 40_000);
    assertThat(cached.degraded()).isFalse();

    nowMicros += first.retryAfterMicros() - 40_000;
    assertThat(check(one(), match)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void noBlockIsReusedForMoreThanASecond() {
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(1, 3_600, 1)));
    check(one(), match);
    check(one(), match);

    nowMicros += 1_000_001;
    check(one(), match);

    assertThat(sent).hasSize(3);
  }

  @Test
  void anotherCostKeyClientTenantOrGenerationIsSentToTheStore() {
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(10, 1, 10)));
    check(new Check("default", "client", "key", 10), match);
    check(new Check("default", "client", "key", 5), match);
    sent.clear();

    check(new Check("default", "client", "key", 4), match);
    check(new Check("default", "client", "other", 5), match);
    check(new Check("default", "other", "key", 5), match);
    check(new Check("other", "client", "key", 5), match);
    check(new Check("default", "client", "key", 5), new Match(match.rules(), 2));

    assertThat(sent).hasSize(5);
  }

  @Test
  void peeksAndCostsAboveTheLimitAreAlwaysSent() {
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(1, 3_600, 1)));
    check(one(), match);
    check(new Check("default", "client", "key", 0), match);
    check(new Check("default", "client", "key", 0), match);
    check(new Check("default", "client", "key", 2), match);
    check(new Check("default", "client", "key", 2), match);

    assertThat(sent).hasSize(5);
  }

  @Test
  void aBlockThatTheStoreDidNotReturnIsNotCached() {
    Limiter local =
        (check, match) -> {
          sent.add(check);
          return CompletableFuture.completedStage(
              new Decision.Blocked(
                  Source.LOCAL,
                  DegradedReason.TIMEOUT,
                  nowMicros,
                  List.of(),
                  BlockReason.LIMIT_EXCEEDED,
                  500_000));
        };
    CachedBlocksLimiter cached = new CachedBlocksLimiter(local, () -> 0, counters);

    cached.check(one(), Rules.match());
    cached.check(one(), Rules.match());

    assertThat(sent).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRefundOrAResetEndsEveryBlockOfTheClient(boolean reset) {
    Match match = Rules.match(Rules.shared(1, Rules.bucket(2, 3_600, 2)));
    Check other = new Check("default", "client", "other", 2);
    check(new Check("default", "client", "key", 2), match);
    check(one(), match);
    check(other, match);
    sent.clear();
    assertThat(check(one(), match).source()).isEqualTo(Source.CACHE);
    assertThat(check(other, match).source()).isEqualTo(Source.CACHE);

    Check given = new Check("default", "client", "third", 2);
    if (reset) {
      counters.reset(given, match);
    } else {
      counters.refund(given, match, null);
    }

    assertThat(check(other, match)).isInstanceOf(Decision.Allowed.class);
    assertThat(check(one(), match).source()).isEqualTo(Source.REDIS);
  }

  @Test
  void anAdjustmentThatTimedOutAlsoEndsTheClientsBlocks() {
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(1, 3_600, 1)));
    CompletableFuture<Adjustment> adjustment = new CompletableFuture<>();
    CountedAdjustments silent = new CountedAdjustments(new SilentCounters(adjustment));
    CachedBlocksLimiter cached = new CachedBlocksLimiter(store, () -> 0, silent);
    cached.check(one(), match);
    cached.check(one(), match);
    sent.clear();

    silent.refund(one(), match, null);
    silent.reset(one(), match);
    cached.check(one(), match);
    assertThat(sent).isEmpty();

    adjustment.completeExceptionally(
        new StoreUnavailableException(DegradedReason.TIMEOUT, null, null));
    cached.check(one(), match);
    assertThat(sent).containsExactly(one());
  }

  @Test
  void aBlockThatWasInFlightDuringARefundIsNotCached() {
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(1, 3_600, 1)));
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Limiter slow = (check, of) -> answer.thenCombine(store(check, of), (_, decision) -> decision);
    CachedBlocksLimiter cached = new CachedBlocksLimiter(slow, () -> 0, counters);
    check(one(), match);
    CompletionStage<Decision> inFlight = cached.check(one(), match);
    counters.refund(one(), match, null);
    answer.complete(true);
    assertThat(inFlight.toCompletableFuture().join()).isInstanceOf(Decision.Blocked.class);

    assertThat(cached.check(one(), match).toCompletableFuture().join())
        .isInstanceOf(Decision.Allowed.class);
  }

  /** With refunds, resets and changes of the rule set from time to time. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void noCachedBlockIsWrongAfterUnitsWereGivenBackOrTheRulesChanged(Algorithm algorithm) {
    Random random = new Random(SEED);
    int cached = 0;
    Match match = ofGeneration(algorithm, 1, 20);
    for (int step = 0; step < 20_000; step++) {
      nowMicros += random.nextInt(20_000);
      sendingMicros = random.nextInt(3_000);
      Check check =
          new Check("default", "client", "key-" + random.nextInt(2), 1 + random.nextInt(4));
      switch (random.nextInt(200)) {
        case 0 -> counters.refund(check, match, null);
        case 1 -> counters.reset(check, match);
        case 2 -> match = ofGeneration(algorithm, match.generation() + 1, 10 + random.nextInt(20));
        default -> {}
      }
      Decision decision = check(check, match);
      if (decision.source() != Source.CACHE) {
        nowMicros += sendingMicros;
      } else {
        cached++;
        assertThat(model.check(nowMicros, check, match))
            .as("seed %d, step %d", SEED, step)
            .isInstanceOf(Decision.Blocked.class);
      }
    }
    assertThat(cached).isGreaterThan(500);
  }

  private static Match ofGeneration(Algorithm algorithm, long generation, long limit) {
    return new Match(
        List.of(
            Rules.enforcing(1, Rules.policy(algorithm, limit, 1)),
            Rules.enforcing(2, Rules.policy(algorithm, 10 * limit, 60)),
            Rules.shadow(3, Rules.policy(algorithm, 5, 1))),
        generation);
  }

  /** Without refunds, resets, lost data and clock jumps, the store would block too. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void noCachedBlockIsOneThatTheStoreWouldAllow(Algorithm algorithm) {
    Random random = new Random(SEED);
    int cached = 0;
    Policy policy = Rules.policy(algorithm, 20, 1);
    Match match =
        Rules.match(
            Rules.enforcing(1, policy), Rules.enforcing(2, Rules.policy(algorithm, 300, 60)));
    for (int step = 0; step < 20_000; step++) {
      nowMicros += random.nextInt(20_000);
      sendingMicros = random.nextInt(3_000);
      Check check = new Check("default", "client", "key", 1 + random.nextInt(4));
      Decision decision = check(check, match);
      if (decision.source() == Source.CACHE) {
        cached++;
        // A blocked check takes nothing, so this one does not change the model.
        assertThat(model.check(nowMicros, check, match))
            .as("seed %d, step %d", SEED, step)
            .isInstanceOf(Decision.Blocked.class);
      } else {
        // The answer arrives after the store's decision.
        nowMicros += sendingMicros;
      }
    }
    assertThat(cached).isPositive();
  }
}
