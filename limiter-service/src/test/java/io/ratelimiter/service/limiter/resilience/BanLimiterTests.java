package io.ratelimiter.service.limiter.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.LimitOutcome.NotEvaluated;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BanLimiterTests {

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final long NOW_MICROS = 1_700_000_000_000_000L;
  private static final long STORE_MICROS = NOW_MICROS + 77;

  private static final Rule LIMIT = Rules.enforcing(1, Rules.bucket(10, 60, 10));
  private static final Rule BAN = RuleBuilder.rule(2, "*", "*").ban().limit();
  private static final Rule SHADOW_BAN = RuleBuilder.rule(3, "*", "*").ban().shadow().limit();
  private static final Rule SHADOW_LIMIT = Rules.shadow(4, Rules.bucket(5, 60, 5));

  private static final Evaluated LEFT =
      new Evaluated(LIMIT, true, true, false, STORE_MICROS, 9, 0, STORE_MICROS + 1, 1);
  private static final Evaluated EXHAUSTED =
      new Evaluated(LIMIT, false, false, false, STORE_MICROS, 0, 9, STORE_MICROS + 9, 9);
  private static final Evaluated LEFT_OF_SHADOW =
      new Evaluated(SHADOW_LIMIT, true, true, false, STORE_MICROS, 4, 0, STORE_MICROS + 1, 1);

  /** The matches that the next limiter received. */
  private final List<Match> passed = new ArrayList<>();

  private Decision decide(long cost, Decision next, Rule... rules) {
    Limiter recording =
        (_, match) -> {
          passed.add(match);
          return CompletableFuture.completedStage(next);
        };
    return decide(recording, cost, rules);
  }

  private static Decision decide(Limiter next, long cost, Rule... rules) {
    return new BanLimiter(next, () -> NOW)
        .check(new Check("default", "client", "key", cost), Rules.match(rules))
        .toCompletableFuture()
        .join();
  }

  private static Decision allowed(LimitOutcome... limits) {
    return new Decision.Allowed(Source.REDIS, null, STORE_MICROS, List.of(limits));
  }

  private static Evaluated banned(Rule rule, long atMicros) {
    return new Evaluated(rule, false, false, false, atMicros, 0, Evaluated.NEVER, atMicros, 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Check.MAX_COST})
  void anEnforcingBanBlocksAnyCostAndNoOtherLimitIsEvaluated(long cost) {
    Decision decision = decide(cost, allowed(LEFT), LIMIT, BAN, SHADOW_BAN, SHADOW_LIMIT);

    assertThat(decision)
        .isEqualTo(
            new Decision.Blocked(
                Source.NONE,
                null,
                NOW_MICROS,
                List.of(
                    new NotEvaluated(LIMIT),
                    banned(BAN, NOW_MICROS),
                    banned(SHADOW_BAN, NOW_MICROS),
                    new NotEvaluated(SHADOW_LIMIT)),
                BlockReason.COST_EXCEEDS_LIMIT,
                Evaluated.NEVER));
    assertThat(decision.top()).isEqualTo(banned(BAN, NOW_MICROS));
    assertThat(decision.degraded()).isFalse();
    assertThat(passed).isEmpty();
  }

  @Test
  void aCheckWithoutBansIsPassedOnAsItIs() {
    Decision next = allowed(LEFT, LEFT_OF_SHADOW);

    assertThat(decide(1, next, LIMIT, SHADOW_LIMIT)).isSameAs(next);
    assertThat(passed).containsExactly(Rules.match(LIMIT, SHADOW_LIMIT));
  }

  @Test
  void aShadowBanIsReportedInItsPlaceBesideAnAllowedCheck() {
    Decision next = allowed(LEFT, LEFT_OF_SHADOW);

    assertThat(decide(1, next, LIMIT, SHADOW_BAN, SHADOW_LIMIT))
        .isEqualTo(allowed(LEFT, banned(SHADOW_BAN, STORE_MICROS), LEFT_OF_SHADOW));
    assertThat(passed).containsExactly(Rules.match(LIMIT, SHADOW_LIMIT));
  }

  @Test
  void aShadowBanChangesNeitherReasonNorRetryTimeOfABlockedCheck() {
    Decision.Blocked next =
        new Decision.Blocked(
            Source.LOCAL,
            DegradedReason.TIMEOUT,
            STORE_MICROS,
            List.of(EXHAUSTED),
            BlockReason.LIMIT_EXCEEDED,
            9);

    Decision decision = decide(1, next, LIMIT, SHADOW_BAN);

    assertThat(decision)
        .isEqualTo(
            new Decision.Blocked(
                Source.LOCAL,
                DegradedReason.TIMEOUT,
                STORE_MICROS,
                List.of(EXHAUSTED, banned(SHADOW_BAN, STORE_MICROS)),
                BlockReason.LIMIT_EXCEEDED,
                9));
    assertThat(decision.top()).isEqualTo(EXHAUSTED);
  }

  @Test
  void aShadowBanChangesNothingOfACheckThatFailedClosed() {
    List<LimitOutcome> notEvaluated = List.of(new NotEvaluated(LIMIT));
    Decision next =
        new Decision.FailedClosed(
            DegradedReason.CIRCUIT_OPEN, STORE_MICROS, notEvaluated, 1_000_000);

    assertThat(decide(1, next, LIMIT, SHADOW_BAN))
        .isEqualTo(
            new Decision.FailedClosed(
                DegradedReason.CIRCUIT_OPEN,
                STORE_MICROS,
                List.of(new NotEvaluated(LIMIT), banned(SHADOW_BAN, STORE_MICROS)),
                1_000_000));
  }

  @Test
  void aCheckToWhichOnlyShadowBansApplyIsAllowedWithoutTheStore() {
    Limiter store =
        (_, _) -> {
          throw new AssertionError("the store was called");
        };

    assertThat(decide(new NoRuleLimiter(store, () -> NOW), 0, SHADOW_BAN))
        .isEqualTo(
            new Decision.Allowed(
                Source.NONE, null, NOW_MICROS, List.of(banned(SHADOW_BAN, NOW_MICROS))));
  }
}
