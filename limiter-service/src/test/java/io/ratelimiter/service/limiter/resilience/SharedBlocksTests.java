package io.ratelimiter.service.limiter.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.LimitOutcome.NotEvaluated;
import io.ratelimiter.service.limiter.Limiter;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of counters that several clients share. */
class SharedBlocksTests extends CachedBlocksScene {

  private static final Policy TWO = Rules.bucket(2, 3_600, 2);
  private static final Rule OWN = Rules.enforcing(1, TWO);
  private static final Rule TOTAL = Rules.countedBy(2, TWO);

  private static Check of(String client, long cost) {
    return new Check("acme", client, "key", cost);
  }

  private static Check from(String ip, String client) {
    return new Check("acme", client, "key", Attributes.of(Map.of("ip", ip)), 1);
  }

  private Source source(Check check, Match match) {
    return check(check, match).source();
  }

  @Test
  void anExhaustedCounterAnswersAllClientsOfTheTenantWithoutACommand() {
    Match match = Rules.match(TOTAL);
    check(of("a", 2), match);
    Decision.Blocked first = (Decision.Blocked) check(of("b", 1), match);
    sent.clear();
    nowMicros += 500;

    for (Check check : new Check[] {of("a", 1), of("b", 1), of("c", 1), from("10.0.0.1", "d")}) {
      Decision.Blocked cached = (Decision.Blocked) check(check, match);
      assertThat(cached.source()).isEqualTo(Source.CACHE);
      assertThat(cached.retryAfterMicros()).isEqualTo(first.retryAfterMicros() - 500);
      assertThat(cached.decidedAtMicros()).isEqualTo(first.decidedAtMicros() + 500);
    }
    assertThat(sent).isEmpty();
    assertThat(check(new Check("other", "a", "key", 1), match))
        .isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void theOtherLimitsOfACheckThatWasNotSentAreNotEvaluated() {
    Match match = Rules.match(OWN, TOTAL, Rules.shadow(3, TWO));
    check(of("a", 2), match);
    check(of("b", 1), match);

    Decision again = check(of("b", 1), match);
    Decision another = check(of("c", 1), match);

    assertThat(again.source()).isEqualTo(Source.CACHE);
    assertThat(again.limits()).hasSize(3).allMatch(Evaluated.class::isInstance);
    assertThat(again.top()).isEqualTo(again.limits().get(1));
    assertThat(another.source()).isEqualTo(Source.CACHE);
    assertThat(another.limits())
        .containsExactly(
            new NotEvaluated(OWN), again.limits().get(1), new NotEvaluated(match.rules().get(2)));
    assertThat(another.top()).isEqualTo(again.limits().get(1));
  }

  @Test
  void anotherCostOrGenerationIsSent() {
    Match match = Rules.match(TOTAL);
    check(of("a", 1), match);
    check(of("b", 2), match);
    sent.clear();

    assertThat(source(of("c", 2), match)).isEqualTo(Source.CACHE);
    assertThat(source(of("c", 2), new Match(match.rules(), 2))).isEqualTo(Source.REDIS);
    assertThat(check(of("c", 1), match)).isInstanceOf(Decision.Allowed.class);
    assertThat(sent).hasSize(2);
  }

  @Test
  void onlyChecksOfTheSameValuesHaveTheCounter() {
    Match match = Rules.match(Rules.countedBy(1, Rules.bucket(1, 3_600, 1), "ip"));
    check(from("10.0.0.1", "a"), match);
    check(from("10.0.0.1", "b"), match);

    assertThat(source(from("10.0.0.1", "c"), match)).isEqualTo(Source.CACHE);
    assertThat(check(from("10.0.0.2", "a"), match)).isInstanceOf(Decision.Allowed.class);
    assertThat(source(from("10.0.0.2", "b"), match)).isEqualTo(Source.REDIS);
  }

  @Test
  void aCounterByClientAndAttributeIsOfOneClient() {
    Match match =
        Rules.match(Rules.countedBy(1, Rules.bucket(1, 3_600, 1), "client_id", "limit_key"));
    check(from("10.0.0.1", "a"), match);
    check(from("10.0.0.1", "a"), match);

    assertThat(source(from("10.0.0.2", "a"), match)).isEqualTo(Source.CACHE);
    assertThat(check(from("10.0.0.1", "b"), match)).isInstanceOf(Decision.Allowed.class);
    assertThat(check(new Check("acme", "a", "other", 1), match))
        .isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void aShadowCounterThatBlocksIsNoBlock() {
    Rule shadow = RuleBuilder.rule(2, "*", "*").policy(TWO).by().shadow().limit();
    Match match = Rules.match(Rules.enforcing(1, Rules.bucket(9, 3_600, 9)), shadow);
    check(of("a", 2), match);
    check(of("a", 1), match);

    assertThat(check(of("a", 1), match)).isInstanceOf(Decision.Allowed.class);
    assertThat(sent).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRefundOrAResetOfAnyClientEndsTheBlocksOfSharedCounters(boolean reset) {
    Match match = Rules.match(TOTAL);
    check(of("a", 2), match);
    check(of("b", 1), match);
    assertThat(source(of("c", 1), match)).isEqualTo(Source.CACHE);

    adjust(reset, of("d", 1), match);

    assertThat(check(of("c", 1), match)).isInstanceOf(Decision.Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRefundOrAResetOfAnotherClientEndsNoBlockOfAClientsOwn(boolean reset) {
    Match match = Rules.match(OWN);
    check(of("a", 2), match);
    check(of("a", 1), match);

    adjust(reset, of("b", 1), match);
    adjust(reset, new Check("other", "a", "key", 1), match);

    assertThat(source(of("a", 1), match)).isEqualTo(Source.CACHE);
  }

  private void adjust(boolean reset, Check check, Match match) {
    if (reset) {
      counters.reset(check, match);
    } else {
      counters.refund(check, match, null);
    }
  }

  /** Otherwise the client would wait for units that are back already. */
  @Test
  void aBlockOfACounterThatWasRefundedIsNotShownBesideTheClientsOwn() {
    Rule own = Rules.enforcing(1, Rules.bucket(2, 10, 2));
    Match match = Rules.match(own, TOTAL);
    check(of("a", 2), match);
    Decision.Blocked both = (Decision.Blocked) check(of("a", 1), match);
    assertThat(both.retryAfterMicros()).isEqualTo(retryAfter(both.limits().get(1)));

    counters.refund(of("b", 1), Rules.match(TOTAL), null);
    Decision.Blocked cached = (Decision.Blocked) check(of("a", 1), match);

    assertThat(cached.source()).isEqualTo(Source.CACHE);
    assertThat(cached.limits().getLast()).isEqualTo(new NotEvaluated(TOTAL));
    assertThat(cached.retryAfterMicros()).isEqualTo(retryAfter(both.limits().get(0)));
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 7_200})
  void anAnswerHasTheLongestOfSeveralKnownRetryTimes(long window) {
    Rule own = Rules.enforcing(1, Rules.bucket(2, window, 2));
    Match match = Rules.match(own, Rules.countedBy(2, Rules.bucket(3, 3_600, 3)));
    check(of("a", 2), match);
    Decision.Blocked byOwn = (Decision.Blocked) check(of("a", 1), match);
    check(of("b", 1), match);
    nowMicros += 100;
    Decision.Blocked byTotal = (Decision.Blocked) check(of("b", 1), match);
    nowMicros += 100;
    sent.clear();

    Decision.Blocked cached = (Decision.Blocked) check(of("a", 1), match);

    assertThat(sent).isEmpty();
    assertThat(cached.limits())
        .extracting(SharedBlocksTests::retryAfter)
        .containsExactly(
            retryAfter(byOwn.limits().get(0)) - 200, retryAfter(byTotal.limits().get(1)) - 100);
    assertThat(cached.retryAfterMicros())
        .isEqualTo(
            Math.max(retryAfter(cached.limits().get(0)), retryAfter(cached.limits().get(1))));
    assertThat(cached.top()).isEqualTo(cached.limits().get(window < 3_600 ? 1 : 0));
  }

  private static long retryAfter(LimitOutcome limit) {
    return ((Evaluated) limit).retryAfterMicros();
  }

  @Test
  void aBlockThatWasInFlightDuringAnotherClientsRefundIsNotCached() {
    Match match = Rules.match(TOTAL);
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Limiter slow = (check, of) -> answer.thenCombine(store(check, of), (_, decision) -> decision);
    CachedBlocksLimiter cached = new CachedBlocksLimiter(slow, () -> 0, counters);
    check(of("a", 2), match);
    CompletionStage<Decision> inFlight = cached.check(of("a", 1), match);
    counters.refund(of("b", 1), match, null);
    answer.complete(true);
    assertThat(inFlight.toCompletableFuture().join()).isInstanceOf(Decision.Blocked.class);

    assertThat(cached.check(of("c", 1), match).toCompletableFuture().join())
        .isInstanceOf(Decision.Allowed.class);
  }
}
