package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.Counter;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionEventMapperTests {

  private static final SeriesPosition POSITION = new SeriesPosition("node-1", "e1", 2, 9);

  @Test
  void anAllowedCheckHasEveryFigureOfItsLimit() {
    CheckResult result = Samples.allowed("api_client");
    DecisionEvent event = DecisionEventMapper.decision(result, POSITION);

    assertThat(event.allowed()).isTrue();
    assertThat(event.reason()).isNull();
    assertThat(event.retryAfterMillis()).isNull();
    assertThat(event.top())
        .isEqualTo(
            new DecisionEvent.Top(
                19,
                20,
                60,
                Math.ceilDiv(Samples.NOW_MICROS + 3_000_001, 1_000L),
                "token_bucket",
                "api_client-2",
                2,
                7,
                "enforce"));
    assertThat(event.limits()).hasSize(1);
    assertThat(event.limits().getFirst().burst()).isEqualTo(25);
    assertThat(event.limits().getFirst().verdict().charged()).isTrue();
  }

  @Test
  void aBlockedCheckHasReasonRetryAndItsShadowLimit() {
    DecisionEvent event = DecisionEventMapper.decision(Samples.blocked("api_client"), POSITION);

    assertThat(event.allowed()).isFalse();
    assertThat(event.reason()).isEqualTo("limit_exceeded");
    assertThat(event.retryAfterMillis()).isEqualTo(3_000);
    assertThat(event.source()).isEqualTo("cache");
    assertThat(event.limits())
        .extracting(DecisionEvent.Limit::mode)
        .containsExactly("enforce", "shadow");
    assertThat(event.limits().get(1).verdict().rebased()).isTrue();
    assertThat(event.limits().get(1).burst()).isNull();
  }

  @Test
  void aCostThatNeverPassesHasNoRetry() {
    DecisionEvent event = DecisionEventMapper.decision(Samples.neverSatisfiable("c"), POSITION);

    assertThat(event.reason()).isEqualTo("cost_exceeds_limit");
    assertThat(event.retryAfterMillis()).isNull();
  }

  @Test
  void withoutARuleItIsAllowedWithThatReason() {
    DecisionEvent event = DecisionEventMapper.decision(Samples.withoutRule("c"), POSITION);

    assertThat(event.allowed()).isTrue();
    assertThat(event.reason()).isEqualTo("no_rule");
    assertThat(event.top()).isNull();
    assertThat(event.degraded()).isFalse();
  }

  @Test
  void failingOpenIsAllowedAndDegradedWithTheRulesLimit() {
    DecisionEvent event = DecisionEventMapper.decision(Samples.failedOpen("c"), POSITION);

    assertThat(event.allowed()).isTrue();
    assertThat(event.reason()).isNull();
    assertThat(event.source()).isEqualTo("none");
    assertThat(event.degradedReason()).isEqualTo("circuit_open");
    assertThat(event.top().remaining()).isEqualTo(20);
    assertThat(event.top().resetAtMillis()).isNull();
    assertThat(event.limits().getFirst().verdict()).isNull();
  }

  @Test
  void failingClosedIsNotAllowedBecauseTheStoreIsUnavailable() {
    DecisionEvent event = DecisionEventMapper.decision(Samples.failedClosed("c"), POSITION);

    assertThat(event.allowed()).isFalse();
    assertThat(event.reason()).isEqualTo("store_unavailable");
    assertThat(event.source()).isEqualTo("none");
    assertThat(event.degraded()).isTrue();
    assertThat(event.retryAfterMillis()).isEqualTo(1_000);
    assertThat(event.limits().getFirst().verdict()).isNull();
  }

  @Test
  void aRefundHasWhatEachLimitGotBack() {
    AdjustmentEvent event = DecisionEventMapper.adjustment(Samples.refund("c"), POSITION);

    assertThat(event.kind()).isEqualTo("refund");
    assertThat(event.refundId()).isEqualTo("refund-1");
    assertThat(event.limits().getFirst().givenBack()).isEqualTo(3);
  }

  @Test
  void attributesAndTheValuesThatARuleCountsByAreThoseOfTheCheck() {
    Rule rule =
        RuleBuilder.rule(3, "*", "*").match("ip", "*").by("limit_key", "ip", "client_id").limit();
    Check check =
        new Check("default", "c", "login", Attributes.of(Map.of("ip", "::1", "asn", "7")), 1);
    var allowed =
        new Decision.Allowed(Source.NONE, null, 1, List.of(new LimitOutcome.NotEvaluated(rule)));
    Adjustment refund =
        new Adjustment(true, 1, List.of(new Adjustment.Limit(rule, 1, false, 1, 1)));

    DecisionEvent decision =
        DecisionEventMapper.decision(new CheckResult("id", "corr", check, allowed, 1), POSITION);
    AdjustmentEvent adjustment =
        DecisionEventMapper.adjustment(
            new AdjustmentResult("id", AdjustmentResult.Kind.REFUND, "corr", check, null, refund),
            POSITION);

    Counter counter =
        new Counter(List.of("client_id", "ip", "limit_key"), List.of("c", "::1", "login"));
    assertThat(decision.attributes()).isEqualTo(Map.of("asn", "7", "ip", "::1"));
    assertThat(decision.limits().getFirst().counter()).isEqualTo(counter);
    assertThat(adjustment.attributes()).isEqualTo(decision.attributes());
    assertThat(adjustment.limits().getFirst().counter()).isEqualTo(counter);
  }

  @Test
  void aCounterOfTheWholeTenantHasNoValues() {
    Rule rule = RuleBuilder.rule(3, "*", "*").by().limit();
    var allowed =
        new Decision.Allowed(Source.NONE, null, 1, List.of(new LimitOutcome.NotEvaluated(rule)));
    CheckResult result =
        new CheckResult("id", "corr", new Check("default", "c", "global", 1), allowed, 1);

    assertThat(DecisionEventMapper.decision(result, POSITION).limits().getFirst().counter())
        .isEqualTo(new Counter(List.of(), List.of()));
  }

  @Test
  void aBanHasALimitOf0WithoutABurst() throws Exception {
    Rule ban = RuleBuilder.rule(3, "*", "*").ban().limit();
    var blocked =
        new Decision.Blocked(
            Source.NONE,
            null,
            1,
            List.of(new LimitOutcome.NotEvaluated(ban)),
            BlockReason.COST_EXCEEDS_LIMIT,
            LimitOutcome.Evaluated.NEVER);
    CheckResult result =
        new CheckResult("id", "corr", new Check("default", "c", "global", 1), blocked, 1);

    DecisionEvent event = DecisionEventMapper.decision(result, POSITION);
    assertThat(new EventReader().decision(new EventWriter().decision(event))).isEqualTo(event);
    assertThat(event.top()).returns(0L, DecisionEvent.Top::limit);
    assertThat(event.top()).returns(0L, DecisionEvent.Top::remaining);
    assertThat(event.limits().getFirst().burst()).isNull();
    assertThat(event.retryAfterMillis()).isNull();
  }

  @Test
  void withoutAttributesNothingIsCopied() {
    DecisionEvent event = DecisionEventMapper.decision(Samples.allowed("c"), POSITION);

    assertThat(event.attributes()).isSameAs(Map.of());
    assertThat(event.limits().getFirst().counter()).isNull();
  }

  @Test
  void aCheckOfCost0HasNoDecisionId() {
    CheckResult result = Samples.allowed("c");

    assertThatThrownBy(() ->
            new CheckResult(
                "id", "corr", new Check("default", "c", "global", 0), result.decision(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
