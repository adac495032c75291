package io.ratelimiter.service.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ratelimiter.schemas.AdjustmentEvent;
import io.ratelimiter.schemas.DecisionEvent;
import io.ratelimiter.schemas.EventReader;
import io.ratelimiter.schemas.EventWriter;
import io.ratelimiter.schemas.SeriesPosition;
import io.ratelimiter.service.check.AdjustmentResult;
import io.ratelimiter.service.check.CheckResult;
import io.ratelimiter.service.limiter.Adjustment;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Priorities, waits and settlements in events. */
class EventSpendingMapperTests {

  private static final SeriesPosition POSITION = new SeriesPosition("node-1", "e1", 2, 9);

  @Test
  void aPlainCheckHasPlainSpendingWithoutACopy() {
    DecisionEvent event = DecisionEventMapper.decision(Samples.allowed("c"), POSITION);

    assertThat(event.spending()).isSameAs(DecisionEvent.Spending.PLAIN);
    assertThat(event.limits().getFirst().terms()).isSameAs(DecisionEvent.Terms.PLAIN);
  }

  @Test
  void optionsOfTheCheckAndTermsOfTheRuleAreInTheEvent() throws Exception {
    Rule rule =
        RuleBuilder.rule(3, "*", "*")
            .policy(new Policy.TokenBucket(20, 60, 25))
            .reserve(2_000, 5_000)
            .maxWait(400)
            .overdraft(7)
            .limit();
    Check plain = new Check("default", "c", "global", 1);
    var allowed =
        new Decision.Allowed(Source.NONE, null, 1, List.of(new LimitOutcome.NotEvaluated(rule)));

    DecisionEvent low = eventOf(plain.with(options(Priority.LOW, 500, 60_000)), allowed);
    DecisionEvent normal = eventOf(plain, allowed);
    DecisionEvent high = eventOf(plain.with(options(Priority.HIGH, 0, 0)), allowed);

    assertThat(low.spending()).isEqualTo(new DecisionEvent.Spending("low", 500, 0, 60_000));
    assertThat(low.limits().getFirst().terms()).isEqualTo(new DecisionEvent.Terms(12, 400, 7));
    assertThat(normal.spending()).isSameAs(DecisionEvent.Spending.PLAIN);
    assertThat(normal.limits().getFirst().terms()).isEqualTo(new DecisionEvent.Terms(5, 400, 7));
    assertThat(high.spending()).isEqualTo(new DecisionEvent.Spending("high", 0, 0, 0));
    assertThat(high.limits().getFirst().terms()).isEqualTo(new DecisionEvent.Terms(0, 400, 7));
    for (DecisionEvent event : List.of(low, normal, high)) {
      assertThat(new EventReader().decision(new EventWriter().decision(event))).isEqualTo(event);
    }
  }

  private static CheckOptions options(Priority priority, long maxWait, long settleWithin) {
    return new CheckOptions(priority, maxWait, settleWithin, null);
  }

  private static DecisionEvent eventOf(Check check, Decision decision) {
    return DecisionEventMapper.decision(
        new CheckResult("id", "corr", check, decision, 1), POSITION);
  }

  @Test
  void theWaitIsTheLongestOfTheEnforcingLimits() {
    Rule bucket = RuleBuilder.rule(3, "*", "*").maxWait(2_000).limit();
    Rule shadow = RuleBuilder.rule(4, "*", "*").mode(Mode.SHADOW).limit();
    var allowed =
        new Decision.Allowed(
            Source.REDIS,
            null,
            5,
            List.of(
                waiting(bucket, 1_500_001), waiting(Samples.RULE, 7), waiting(shadow, 1 << 24)));
    Check check = new Check("default", "c", "global", 1);

    DecisionEvent event = eventOf(check.with(options(Priority.NORMAL, 2_000, 0)), allowed);

    assertThat(event.spending())
        .isEqualTo(new DecisionEvent.Spending("normal", 2_000, 1_500_001, 0));
  }

  private static LimitOutcome waiting(Rule rule, long micros) {
    return new LimitOutcome.Evaluated(rule, true, true, false, 5, 0, micros, 5 + micros, micros);
  }

  @Test
  void aSettlementHasTheEstimateTheCostAndWhatTheEnforcingLimitsDidNotCharge() throws Exception {
    Rule open = RuleBuilder.rule(3, "*", "*").overdraft(100).limit();
    Rule shadow = RuleBuilder.rule(4, "*", "*").mode(Mode.SHADOW).limit();
    Adjustment made =
        new Adjustment(
            true,
            8,
            List.of(
                new Adjustment.Limit(open, 8, false, 0, 60, 20, 0),
                new Adjustment.Limit(Samples.RULE, 8, false, 0, 50, 30, 0),
                new Adjustment.Limit(shadow, 8, false, 0, 0, 80, 0)));
    AdjustmentResult result =
        new AdjustmentResult(
            "id",
            AdjustmentResult.Kind.SETTLE,
            "corr",
            new Check("default", "c", "global", Attributes.of(Map.of("asn", "7")), 100),
            null,
            new AdjustmentResult.Settled("decision-1", 180),
            made);

    AdjustmentEvent event = DecisionEventMapper.adjustment(result, POSITION);

    assertThat(event.kind()).isEqualTo(AdjustmentEvent.SETTLE);
    assertThat(event.cost()).isEqualTo(180);
    assertThat(event.settled()).isEqualTo(new AdjustmentEvent.Settled("decision-1", 100, 30));
    assertThat(event.attributes()).isEqualTo(Map.of("asn", "7"));
    assertThat(event.limits())
        .extracting(AdjustmentEvent.Limit::taken, AdjustmentEvent.Limit::uncharged)
        .containsExactly(tuple(60L, 20L), tuple(50L, 30L), tuple(0L, 80L));
    assertThat(new EventReader().adjustment(new EventWriter().adjustment(event))).isEqualTo(event);
  }
}
