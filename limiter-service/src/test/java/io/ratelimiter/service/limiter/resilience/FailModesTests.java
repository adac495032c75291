package io.ratelimiter.service.limiter.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.FallbackLimiter;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailModesTests {

  private static final Check CHECK = new Check("default", "client", "key", 1);

  private static Rule rule(@Nullable FailMode failMode, Mode mode) {
    return RuleBuilder.rule(1, "*", "*")
        .policy(Rules.policy(Algorithm.FIXED_WINDOW, 10, 60))
        .mode(mode)
        .failMode(failMode)
        .limit();
  }

  private static Decision decide(FailMode ofService, Rule... rules) {
    FallbackLimiter local =
        (_, _, reason) ->
            CompletableFuture.completedStage(
                new Decision.Allowed(Source.LOCAL, reason, 0, List.of()));
    return new FailModes(ofService, local, Clock.systemUTC())
        .check(CHECK, new Match(List.of(rules), 1), DegradedReason.CIRCUIT_OPEN)
        .toCompletableFuture()
        .join();
  }

  @Test
  void aRuleWithoutAFailModeHasTheServices() {
    Rule rule = rule(null, Mode.ENFORCE);
    assertThat(decide(FailMode.OPEN, rule).source()).isEqualTo(Source.NONE);
    assertThat(decide(FailMode.LOCAL, rule).source()).isEqualTo(Source.LOCAL);
    assertThat(decide(FailMode.CLOSED, rule)).isInstanceOf(Decision.FailedClosed.class);
  }

  @Test
  void aRulesOwnFailModeWinsOverTheServices() {
    assertThat(decide(FailMode.CLOSED, rule(FailMode.OPEN, Mode.ENFORCE)))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(decide(FailMode.OPEN, rule(FailMode.CLOSED, Mode.ENFORCE)))
        .isInstanceOf(Decision.FailedClosed.class);
  }

  @Test
  void ofSeveralClosedWinsOverLocalOverOpen() {
    Rule open = rule(FailMode.OPEN, Mode.ENFORCE);
    Rule local = rule(FailMode.LOCAL, Mode.ENFORCE);
    Rule closed = rule(FailMode.CLOSED, Mode.ENFORCE);
    assertThat(decide(FailMode.OPEN, open, local).source()).isEqualTo(Source.LOCAL);
    assertThat(decide(FailMode.OPEN, closed, local, open))
        .isInstanceOf(Decision.FailedClosed.class);
  }

  @Test
  void aShadowRuleIsIgnored() {
    Decision decision =
        decide(FailMode.OPEN, rule(null, Mode.ENFORCE), rule(FailMode.CLOSED, Mode.SHADOW));
    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    assertThat(decision.degradedReason()).isEqualTo(DegradedReason.CIRCUIT_OPEN);
    assertThat(decision.limits()).hasSize(2).allMatch(LimitOutcome.NotEvaluated.class::isInstance);
  }
}
