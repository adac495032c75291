package io.ratelimiter.service.api.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.api.http.Header;
import io.ratelimiter.service.limiter.BlockReason;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTests {

  @Test
  void anAllowedAnswerHasAnItemForEachEnforcingLimit() {
    assertThat(
            allowed(
                evaluated("a", Mode.ENFORCE, true, 19, 0, 3_999_999),
                evaluated("b", Mode.SHADOW, true, 1, 0, 1_000_000),
                evaluated("c", Mode.ENFORCE, true, 0, 0, 999_999)))
        .containsExactly(
            new Header("RateLimit-Policy", "\"a\";q=20;w=60, \"c\";q=20;w=60"),
            // t is rounded down, and omitted at 0
            new Header("RateLimit", "\"a\";r=19;t=3, \"c\";r=0"));
  }

  @Test
  void aBlockedAnswerHasOnlyTheLimitsThatBlockAndARetryTime() {
    assertThat(
            blocked(
                BlockReason.LIMIT_EXCEEDED,
                2_000_001,
                evaluated("a", Mode.ENFORCE, true, 5, 0, 0),
                evaluated("b", Mode.ENFORCE, false, 0, 2_000_001, 2_000_001),
                evaluated("c", Mode.SHADOW, false, 0, 9_000_000, 9_000_000)))
        .containsExactly(
            new Header("RateLimit-Policy", "\"b\";q=20;w=60"),
            new Header("RateLimit", "\"b\";r=0;t=2"),
            new Header("Retry-After", "3"));
  }

  @Test
  void aCostThatNeverPassesHasNoRetryAfter() {
    assertThat(
            blocked(
                BlockReason.COST_EXCEEDS_LIMIT,
                LimitOutcome.Evaluated.NEVER,
                evaluated("a", Mode.ENFORCE, false, 20, LimitOutcome.Evaluated.NEVER, 0)))
        .extracting(Header::name)
        .doesNotContain("Retry-After");
  }

  @Test
  void withoutTheStoreThereIsNoState() {
    assertThat(allowed(new LimitOutcome.NotEvaluated(rule("a", Mode.ENFORCE))))
        .containsExactly(new Header("RateLimit-Policy", "\"a\";q=20;w=60"));
    assertThat(
            RateLimitHeaders.of(
                new Decision.FailedClosed(
                    DegradedReason.TIMEOUT,
                    0,
                    List.of(new LimitOutcome.NotEvaluated(rule("a", Mode.ENFORCE))),
                    1_000_000),
                Priority.NORMAL,
                0))
        .containsExactly(new Header("Retry-After", "1"));
  }

  @Test
  void theMaxNumberOfLimitsWithTheLongestNamesFitsTheServersTwelveKib() {
    LimitOutcome[] largest =
        IntStream.range(0, 32)
            .mapToObj(i ->
                evaluated(
                    "%03d".formatted(i) + "n".repeat(125),
                    Mode.ENFORCE,
                    true,
                    1_000_000_000,
                    0,
                    31_622_400_000_000L))
            .toArray(LimitOutcome[]::new);
    int bytes = allowed(largest).stream().mapToInt(header -> header.value().length()).sum();
    assertThat(bytes).isLessThan(11 * 1024);
  }

  @Test
  void theNextUnitOfAHeldAnswerIsCountedFromTheAnswer() {
    Decision decision =
        new Decision.Allowed(
            Source.REDIS,
            null,
            0,
            List.of(evaluated("a", Mode.ENFORCE, true, 0, 2_000_000, 2_900_000)));
    assertThat(RateLimitHeaders.of(decision, Priority.NORMAL, 1_900_000))
        .contains(new Header("RateLimit", "\"a\";r=0;t=1"));
    assertThat(RateLimitHeaders.of(decision, Priority.NORMAL, 2_000_000))
        .contains(new Header("RateLimit", "\"a\";r=0"));
  }

  private static List<Header> allowed(LimitOutcome... limits) {
    return RateLimitHeaders.of(
        new Decision.Allowed(Source.REDIS, null, 0, List.of(limits)), Priority.NORMAL, 0);
  }

  private static List<Header> blocked(
      BlockReason reason, long retryMicros, LimitOutcome... limits) {
    return RateLimitHeaders.of(
        new Decision.Blocked(Source.REDIS, null, 0, List.of(limits), reason, retryMicros),
        Priority.NORMAL,
        0);
  }

  private static LimitOutcome evaluated(
      String name, Mode mode, boolean allowed, long remaining, long retryMicros, long nextMicros) {
    return new LimitOutcome.Evaluated(
        rule(name, mode), allowed, allowed, false, 0, remaining, retryMicros, 0, nextMicros);
  }

  private static Rule rule(String name, Mode mode) {
    return RuleBuilder.rule(1, "*", "*")
        .named(name)
        .policy(new Policy.TokenBucket(20, 60, 20))
        .mode(mode)
        .limit();
  }
}
