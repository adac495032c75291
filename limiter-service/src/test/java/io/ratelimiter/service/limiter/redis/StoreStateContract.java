package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The keys, values and expiries that the scripts leave in Redis. */
abstract class StoreStateContract extends StateFixture {

  StoreStateContract(RedisServer server) {
    super(server);
  }

  @ParameterizedTest
  @CsvSource({
    "TOKEN_BUCKET, 4",
    "FIXED_WINDOW, 50",
    "SLIDING_WINDOW, 60",
    "SLIDING_WINDOW_COUNTER, 110"
  })
  void aKeyExpiresWhenItIsUntouchedAgain(Algorithm algorithm, long seconds) {
    take(NOON, 4, minute(algorithm));
    assertThat(expiresAtMillis(onlyKey())).isCloseTo((NOON + seconds * SECOND) / 1_000, within(1L));
  }

  @ParameterizedTest
  @CsvSource({
    "TOKEN_BUCKET, 5",
    "FIXED_WINDOW, 50",
    "SLIDING_WINDOW, 60",
    "SLIDING_WINDOW_COUNTER, 110"
  })
  void aKeyWhoseTimeIsAheadOfTheClockExpiresByItsOwnTime(Algorithm algorithm, long seconds) {
    take(NOON, 4, minute(algorithm));
    take(NOON - 40 * SECOND, 1, minute(algorithm));
    assertThat(expiresAtMillis(onlyKey())).isCloseTo((NOON + seconds * SECOND) / 1_000, within(1L));
  }

  @ParameterizedTest
  @EnumSource(names = {"TOKEN_BUCKET", "SLIDING_WINDOW"})
  void aKeyWithNothingLeftKeepsItsTimeUntilTheClockHasPassedIt(Algorithm algorithm) {
    take(NOON, 4, minute(algorithm));
    redis.refund(NOON - 40 * SECOND, cost(4), Rules.match(minute(algorithm)), null);
    assertThat(expiresAtMillis(onlyKey())).isCloseTo(NOON / 1_000, within(1L));
  }

  @Test
  void aCounterWithNothingInThisWindowExpiresWithIt() {
    Rule rule = minute(Algorithm.SLIDING_WINDOW_COUNTER);
    take(NOON, 4, rule);
    take(NOON + 60 * SECOND, 2, rule);
    redis.refund(NOON + 61 * SECOND, cost(2), Rules.match(rule), null);
    assertThat(expiresAtMillis(onlyKey())).isCloseTo((NOON + 110 * SECOND) / 1_000, within(1L));
  }

  @ParameterizedTest
  @EnumSource
  void aRebaseWithoutAChargeExpiresToo(Algorithm algorithm) {
    take(NOON, 60, minute(algorithm));
    take(NOON - 3_600 * SECOND, 1, minute(algorithm));
    assertThat(expiresAtMillis(onlyKey()))
        .isBetween((NOON - 3_600 * SECOND) / 1_000, (NOON - 3_480 * SECOND) / 1_000);
  }

  @ParameterizedTest
  @EnumSource
  void aKeyFoundWithoutExpiryGetsOneAtItsNextCharge(Algorithm algorithm) {
    take(NOON, 1, minute(algorithm));
    commands.persist(onlyKey());
    take(NOON + SECOND, 1, minute(algorithm));
    assertThat(commands.pttl(onlyKey())).isPositive();
  }

  @Test
  void aRefundsIdIsRememberedForAnHourOrTheLongestWindow() {
    Rule minute = minute(Algorithm.TOKEN_BUCKET);
    redis.refund(NOON, cost(1), Rules.match(minute), "a");
    assertThat(expiresAtMillis(onlyKey())).isCloseTo(NOON / 1_000 + 3_600_000, within(1L));
    commands.flushall();
    Rule day = Rules.enforcing(2, Rules.policy(Algorithm.FIXED_WINDOW, 9, 86_400));
    redis.refund(NOON, cost(1), Rules.match(minute, day), "a");
    assertThat(expiresAtMillis(onlyKey())).isCloseTo(NOON / 1_000 + 86_400_000, within(1L));
  }

  @ParameterizedTest
  @EnumSource
  void aBlockedCheckAndAPeekWriteNothing(Algorithm algorithm) {
    Rule other = Rules.enforcing(2, Rules.policy(Algorithm.TOKEN_BUCKET, 1_000, 60));
    Rule shadow = Rules.shadow(3, Rules.policy(algorithm, 1_000, 60));
    Rule[] rules = {other, minute(algorithm), shadow};
    take(NOON, 60, rules);
    Map<String, String> state = state();
    String changes = changes();
    assertThat(take(NOON + 1_000, 1, rules)).isInstanceOf(Decision.Blocked.class);
    assertThat(take(NOON + 2_000, 61, rules)).isInstanceOf(Decision.Blocked.class);
    take(NOON + 3_000, 0, rules);
    take(NOON + 61 * SECOND, 0, rules);
    take(NOON - 3_600 * SECOND, 0, rules);
    assertThat(changes()).isEqualTo(changes);
    assertThat(state()).isEqualTo(state);
  }

  private Map<String, String> state() {
    Map<String, String> state = new TreeMap<>();
    for (String key : commands.keys("*")) {
      state.put(key, HexFormat.of().formatHex(commands.dump(key)));
    }
    return state;
  }

  private String changes() {
    return server
        .command("INFO", "persistence")
        .lines()
        .filter(line -> line.startsWith("rdb_changes_since_last_save"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aResetRemovesTheKeys() {
    Rule[] rules = new Rule[4];
    for (int i = 0; i < 4; i++) {
      rules[i] = Rules.enforcing(i + 1, Rules.policy(Algorithm.values()[i], 60, 60));
    }
    take(NOON, 5, rules);
    assertThat(commands.keys("*"))
        .hasSize(4)
        .allMatch(key -> key.startsWith("rl:{default/client}:"));
    redis.reset(NOON, cost(0), new Match(List.of(rules), 1));
    assertThat(commands.keys("*")).isEmpty();
  }

  @Test
  void theLogKeepsNoMoreThanItsWindow() {
    Rule rule = minute(Algorithm.SLIDING_WINDOW);
    for (int i = 0; i < 500; i++) {
      take(NOON + i * SECOND, 1, rule);
    }
    assertThat(commands.llen(onlyKey())).isEqualTo(1 + 2 * 60);
  }

  @Test
  void refundsAndChargesInTurnDoNotLetTheLogGrow() {
    Rule rule = minute(Algorithm.SLIDING_WINDOW);
    take(NOON, 2, rule);
    for (int i = 1; i <= 20; i++) {
      redis.refund(NOON + i * 1_000L, cost(1), Rules.match(rule), null);
      take(NOON + i * 1_000L + 500, 1, rule);
    }
    assertThat(commands.llen(onlyKey())).isEqualTo(1 + 2 * 2);
  }

  /** Compares debt and time in Redis with arithmetic on whole numbers of any size. */
  @Test
  void aBucketRefillsExactlyWhateverTheNumbers() {
    long seed = 20_261_124L;
    Random random = new Random(seed);
    Check one = cost(1);
    for (int i = 0; i < 3_000; i++) {
      long limit = 1 + random.nextLong(i % 2 == 0 ? 1_000_000_000 : 20_000_000);
      long window = 1 + random.nextLong(Math.min(31_622_400, 9_000_000_000_000_000L / limit));
      long longest = Math.min(1_000_000_000, 3_652L * 86_400 * limit / window);
      long burst = 1 + random.nextLong(Math.max(1, longest - 1));
      Rule rule = Rules.enforcing(1, Rules.bucket(limit, window, burst));
      String key = StoreKey.of(StoreKey.prefix(one, Placement.CLIENT), rule, one);
      long debt = 1 + random.nextLong(burst * 1_000_000);
      long emptied = ceilDiv(debt, window, limit);
      long elapsed = i % 5 == 0 ? emptied - i % 2 : 1 + random.nextLong(emptied);
      commands.set(key, debt + ":" + (NOON - elapsed));
      boolean allowed = take(NOON, 1, rule) instanceof Decision.Allowed;
      long left = Math.max(0, debt - floorDiv(elapsed, limit, window));
      assertThat(allowed)
          .as("seed %d, case %d", seed, i)
          .isEqualTo(left + 1_000_000 <= burst * 1_000_000);
      if (allowed && elapsed > 0) {
        assertThat(commands.get(key)).isEqualTo((left + 1_000_000) + ":" + NOON);
      }
      commands.del(key);
    }
  }

  private static long floorDiv(long a, long b, long divisor) {
    return BigInteger.valueOf(a)
        .multiply(BigInteger.valueOf(b))
        .divide(BigInteger.valueOf(divisor))
        .longValueExact();
  }

  private static long ceilDiv(long a, long b, long divisor) {
    return BigInteger.valueOf(a)
        .multiply(BigInteger.valueOf(b))
        .add(BigInteger.valueOf(divisor - 1))
        .divide(BigInteger.valueOf(divisor))
        .longValueExact();
  }
}
