package io.ratelimiter.service.limiter.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.NotEvaluated;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Priority;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleBuilder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random checks of one client, or of two that share counters: no cached block is wrong. */
class CachedBlocksPropertyTests extends CachedBlocksScene {

  private static final int STEPS = 20_000;

  private final Random random = new Random(SEED);
  private int cached;
  private int cachedForAnother;

  /** With refunds, resets and changes of the rule set from time to time. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void noCachedBlockIsWrongAfterUnitsWereGivenBackOrTheRulesChanged(Algorithm algorithm) {
    Match match = ofGeneration(algorithm, 1, 20);
    for (int step = 0; step < STEPS; step++) {
      Check check = one("client", "key-" + random.nextInt(2));
      match = adjust(check, match, algorithm, false);
      compare(step, check, match);
    }
    assertThat(cached).isGreaterThan(500);
  }

  /** Without refunds, resets, lost data and clock jumps, the store would block too. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void noCachedBlockIsOneThatTheStoreWouldAllow(Algorithm algorithm) {
    Match match =
        Rules.match(
            Rules.enforcing(1, Rules.policy(algorithm, 20, 1)),
            Rules.enforcing(2, Rules.policy(algorithm, 300, 60)));
    for (int step = 0; step < STEPS; step++) {
      compare(step, one("client", "key"), match);
    }
    assertThat(cached).isPositive();
  }

  /**
   * With counters of one client and counters that both share, and with refunds, resets and changes.
   */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void noCachedBlockOfACounterOfSeveralClientsIsWrong(Algorithm algorithm) {
    Match match = shared(algorithm, 1, 20);
    for (int step = 0; step < STEPS; step++) {
      Check check = one("client-" + random.nextInt(2), "key-" + random.nextInt(2));
      match = adjust(check, match, algorithm, true);
      compare(step, check, match);
    }
    assertThat(cached).isGreaterThan(500);
    assertThat(cachedForAnother).as("answers with another check's block").isGreaterThan(200);
  }

  /** Of all priorities, and of checks that wait up to different times. */
  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void noCachedBlockIsWrongForAPriorityOrAWait(Algorithm algorithm) {
    RuleBuilder rule =
        Rules.rule(1, Rules.policy(algorithm, 20, 1)).reserve(2_000, 5_000).overdraft(30);
    Rule limit = (algorithm == Algorithm.TOKEN_BUCKET ? rule.maxWait(300) : rule).limit();
    Match match = Rules.match(limit, Rules.enforcing(2, Rules.policy(algorithm, 300, 60)));
    for (int step = 0; step < STEPS; step++) {
      Priority priority = Priority.values()[random.nextInt(3)];
      long maxWait = random.nextInt(3) * random.nextInt(300);
      CheckOptions options = new CheckOptions(priority, maxWait, 0, null);
      compare(step, one("client", "key").with(options), match);
    }
    assertThat(cached).isGreaterThan(100);
  }

  private Match adjust(Check check, Match match, Algorithm algorithm, boolean shared) {
    long generation = match.generation() + 1;
    switch (random.nextInt(200)) {
      case 0 -> counters.refund(check, match, null);
      case 1 -> counters.reset(check, match);
      case 2 -> {
        long limit = 10 + random.nextInt(20);
        return shared
            ? shared(algorithm, generation, limit)
            : ofGeneration(algorithm, generation, limit);
      }
      default -> {}
    }
    return match;
  }

  private void compare(int step, Check check, Match match) {
    nowMicros += random.nextInt(20_000);
    sendingMicros = random.nextInt(3_000);
    Decision decision = check(check, match);
    if (decision.source() != Source.CACHE) {
      // The answer arrives after the store's decision.
      nowMicros += sendingMicros;
      return;
    }
    cached++;
    if (decision.limits().stream().anyMatch(NotEvaluated.class::isInstance)) {
      cachedForAnother++;
    }
    // A blocked check takes nothing, so this one does not change the model.
    assertThat(model.check(nowMicros, check, match))
        .as("seed %d, step %d", SEED, step)
        .isInstanceOf(Decision.Blocked.class);
  }

  private Check one(String client, String limitKey) {
    Attributes attributes = Attributes.of(Map.of("ip", "10.0.0." + random.nextInt(2)));
    return new Check("default", client, limitKey, attributes, 1 + random.nextInt(4));
  }

  private static Match ofGeneration(Algorithm algorithm, long generation, long limit) {
    return new Match(
        List.of(
            Rules.enforcing(1, Rules.policy(algorithm, limit, 1)),
            Rules.enforcing(2, Rules.policy(algorithm, 10 * limit, 60)),
            Rules.shadow(3, Rules.policy(algorithm, 5, 1))),
        generation);
  }

  private static Match shared(Algorithm algorithm, long generation, long limit) {
    return new Match(
        List.of(
            Rules.enforcing(1, Rules.policy(algorithm, limit, 1)),
            Rules.countedBy(2, Rules.policy(algorithm, 2 * limit, 1)),
            Rules.countedBy(3, Rules.policy(algorithm, 3 * limit / 2, 1), "ip"),
            Rules.countedBy(4, Rules.policy(algorithm, limit, 1), "client_id", "ip"),
            Rules.shadow(5, Rules.policy(algorithm, 5, 1))),
        generation);
  }
}
