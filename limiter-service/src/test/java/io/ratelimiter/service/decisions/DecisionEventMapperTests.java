package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.limiter.Check;
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
  void aCheckOfCost0HasNoDecisionId() {
    CheckResult result = Samples.allowed("c");

    assertThatThrownBy(() ->
            new CheckResult(
                "id", "corr", new Check("default", "c", "global", 0), result.decision(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
