package io.ratelimiter.service.limiter.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Priority;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CachedBlocksLimiterTests extends CachedBlocksScene {

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
  void anotherPriorityIsSentToTheStore() {
    Match match = Rules.match(Rules.rule(1, Rules.bucket(10, 1, 10)).reserve(0, 5_000).limit());
    Check low = one().with(new CheckOptions(Priority.LOW, 0, 0, null));
    check(new Check("default", "client", "key", 5), match);
    assertThat(check(low, match)).isInstanceOf(Decision.Blocked.class);
    sent.clear();

    assertThat(check(one(), match)).isInstanceOf(Decision.Allowed.class);
    assertThat(check(low, match).source()).isEqualTo(Source.CACHE);
    assertThat(sent).hasSize(1);
  }

  @Test
  void aCheckThatMayWaitUsesABlockOnlyBeyondItsWait() {
    Match match = Rules.match(Rules.rule(1, Rules.bucket(1, 1, 1)).maxWait(5_000).limit());
    check(one(), match);
    check(one(), match);
    sent.clear();

    Check short999 = one().with(new CheckOptions(Priority.NORMAL, 999, 0, null));
    assertThat(check(short999, match).source()).isEqualTo(Source.CACHE);
    Check long1000 = one().with(new CheckOptions(Priority.NORMAL, 1_000, 0, null));
    assertThat(check(long1000, match).waitMicros()).isEqualTo(1_000_000);
    assertThat(sent).containsExactly(long1000);
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
  void aSettlementEndsTheClientsBlocksOnceAndOneOfAnUnknownDecisionEndsNone() {
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(2, 3_600, 2)));
    Check settling = new Check("default", "client", "key", 2);
    check(settling.with(new CheckOptions(Priority.NORMAL, 0, 60_000, "d1")), match);
    check(settling, match);
    counters.settle(new SettleRequest("default", "client", "unknown", 0));
    assertThat(check(settling, match).source()).isEqualTo(Source.CACHE);

    counters.settle(new SettleRequest("default", "client", "d1", 0));
    assertThat(check(settling, match)).isInstanceOf(Decision.Allowed.class);
    check(settling, match);
    counters.settle(new SettleRequest("default", "client", "d1", 0));
    assertThat(check(settling, match).source()).isEqualTo(Source.CACHE);
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
}
