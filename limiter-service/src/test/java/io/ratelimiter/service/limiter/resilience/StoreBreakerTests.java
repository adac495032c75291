package io.ratelimiter.service.limiter.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.FallbackLimiter;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.limiter.resilience.BreakerStatus.State;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The breaker in front of a store whose answers the test supplies. */
class StoreBreakerTests {

  private static final Check CHECK = new Check("default", "client", "global", 1);
  private static final Match WIDE =
      Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 1_000, 60)));
  private static final StoreUnavailableException SILENT =
      new StoreUnavailableException(DegradedReason.TIMEOUT, "silent", null);

  private final StoreBreaker breaker = new StoreBreaker(() -> true, Clock.systemUTC());
  private final List<CompletableFuture<Decision>> sent = new ArrayList<>();
  private final Limiter limiter =
      over((_, _) -> {
        CompletableFuture<Decision> answer = new CompletableFuture<>();
        sent.add(answer);
        return answer;
      });

  private Limiter over(Limiter store) {
    FallbackLimiter fallback =
        (_, match, reason) ->
            CompletableFuture.completedStage(
                new Decision.Allowed(Source.NONE, reason, 1, List.of()));
    return new CircuitBreakingLimiter(store, fallback, breaker);
  }

  private void batch(int checks) {
    breaker
        .asOneCall(Runnable::run)
        .pipeline(() -> {
          for (int i = 0; i < checks; i++) {
            var _ = limiter.check(CHECK, WIDE);
          }
        });
  }

  private void endAll(Throwable failure) {
    sent.forEach(answer -> answer.completeExceptionally(failure));
    sent.clear();
  }

  @Test
  void aBatchIsOneFailureAndFiveBatchesOpenTheBreaker() {
    for (int batches = 1; batches <= 5; batches++) {
      assertThat(breaker.state()).isEqualTo(State.CLOSED);
      batch(100);
      assertThat(sent).hasSize(100);
      endAll(SILENT);
      assertThat(breaker.failureCount()).isEqualTo(batches);
    }
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    batch(100);
    assertThat(sent).isEmpty();
  }

  @Test
  void aBatchOfWhichOneCheckIsAnsweredIsASuccess() {
    batch(3);
    sent.get(1).complete(new Decision.Allowed(Source.REDIS, null, 1, List.of()));
    endAll(SILENT);
    assertThat(breaker.failureCount()).isZero();
  }

  @Test
  void aHalfOpenBreakerLetsAWholeBatchThroughAndItsEndDecides() {
    open();
    breaker.halfOpen();
    batch(100);
    assertThat(sent).hasSize(100);
    endAll(SILENT);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    breaker.halfOpen();
    batch(2);
    sent.forEach(answer -> answer.complete(new Decision.Allowed(Source.REDIS, null, 1, List.of())));
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aBatchWithoutACallOfTheStoreTakesNoPermit() {
    open();
    breaker.halfOpen();
    breaker.asOneCall(Runnable::run).pipeline(() -> {});
    assertThatThrownBy(() ->
            breaker
                .asOneCall(Runnable::run)
                .pipeline(() -> {
                  throw new IllegalArgumentException("checks[0]");
                }))
        .isInstanceOf(IllegalArgumentException.class);
    assertPermitIsThere();
  }

  @Test
  void aStoreThatThrowsIsHandledLikeAFailedStage() {
    Limiter throwing =
        over((_, _) -> {
          throw SILENT;
        });
    Decision decision = throwing.check(CHECK, WIDE).toCompletableFuture().join();
    assertThat(decision.degradedReason()).isEqualTo(DegradedReason.TIMEOUT);
    assertThat(breaker.failureCount()).isEqualTo(1);
  }

  @Test
  void aBatchOfWhichOneCheckThrowsReleasesItsPermit() {
    open();
    breaker.halfOpen();
    Limiter throwing =
        over((_, _) -> {
          throw new IllegalStateException("a fault of this service");
        });
    breaker
        .asOneCall(Runnable::run)
        .pipeline(() -> {
          var _ = throwing.check(CHECK, WIDE);
        });
    assertPermitIsThere();
  }

  @Test
  void aStoreThatThrowsGivesThePermitBack() {
    open();
    breaker.halfOpen();
    Limiter throwing =
        over((_, _) -> {
          throw new IllegalStateException("a fault of this service");
        });
    CompletionStage<Decision> failed = throwing.check(CHECK, WIDE);
    assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
    assertPermitIsThere();
  }

  /** The only permit of a half-open breaker. */
  private void assertPermitIsThere() {
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    var _ = limiter.check(CHECK, WIDE);
    assertThat(sent).hasSize(1);
    var _ = limiter.check(CHECK, WIDE);
    assertThat(sent).hasSize(1);
  }

  private void open() {
    for (int i = 0; i < 5; i++) {
      var _ = limiter.check(CHECK, WIDE);
    }
    endAll(SILENT);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }
}
