package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the scripts do with values that they did not write. */
abstract class ForeignValuesContract extends StateFixture {

  ForeignValuesContract(RedisServer server) {
    super(server);
  }

  @ParameterizedTest
  @EnumSource
  void aForeignValueUnderAKeyIsReplacedAndCounted(Algorithm algorithm) {
    take(NOON, 1, minute(algorithm));
    String key = onlyKey();
    String type = commands.type(key);
    List<Runnable> foreign =
        List.of(
            () -> commands.hset(key, "a", "b"),
            () -> commands.sadd(key, "a"),
            () -> commands.rpush(key, "a", "b"),
            () -> commands.rpush(key, "a", "b", "c"),
            () -> commands.set(key, "12"),
            () -> commands.set(key, "1:2:3:4"),
            () -> commands.set(key, "9999999999999999:" + NOON),
            () -> commands.set(key, "0:9999999999999999:" + NOON),
            () -> commands.set(key, "1:99999999999999999999"),
            () -> commands.set(key, ""));
    for (Runnable put : foreign) {
      commands.del(key);
      put.run();
      int before = redis.replaced();
      assertThat(take(NOON, 60, minute(algorithm))).isInstanceOf(Decision.Allowed.class);
      assertThat(redis.replaced()).isEqualTo(before + 1);
      assertThat(commands.type(key)).isEqualTo(type);
      assertThat(commands.pttl(key)).isPositive();
      assertThat(take(NOON, 1, minute(algorithm))).isInstanceOf(Decision.Blocked.class);
      assertThat(redis.replaced()).isEqualTo(before + 1);
    }
  }

  /** Wherever the script finds the foreign value: at the head, in its searches, in the sums. */
  @Test
  void aForeignListThatEndsLikeALogIsReplacedAndCounted() {
    Rule rule = minute(Algorithm.SLIDING_WINDOW);
    take(NOON, 1, rule);
    String key = onlyKey();
    List<String[]> foreign =
        List.of(
            list("x", ago(9), "3", ago(1), "5"),
            list("0", "x", "3", ago(1), "5"),
            list("-3", ago(9), "3", ago(1), "5"),
            list("0.5", ago(9), "3", ago(1), "5"),
            list("0", ago(99), "1", "x", "y", ago(80), "2", ago(5), "3", ago(1), "60"),
            list("0", ago(9), "x", ago(5), "2", ago(1), "60"),
            list("9", ago(9), "2", ago(1), "3"),
            list("0", ago(9), "3", ago(1), "900000000000000"),
            list("0", ago(-99_999), "3", ago(1), "60"),
            list("0", ago(9), "2", "nan", "3"),
            list("0", ago(9), "2", ago(1), "inf"));
    for (String[] values : foreign) {
      commands.del(key);
      commands.rpush(key, values);
      int before = redis.replaced();
      assertThat(take(NOON, 60, rule))
          .as("%s", List.of(values))
          .isInstanceOf(Decision.Allowed.class);
      assertThat(redis.replaced()).as("%s", List.of(values)).isEqualTo(before + 1);
      assertThat(commands.pttl(key)).isPositive();
      assertThat(take(NOON, 1, rule)).isInstanceOf(Decision.Blocked.class);
      assertThat(redis.replaced()).isEqualTo(before + 1);
    }
  }

  @Test
  void aRefundAndAResetOfAForeignListSucceed() {
    Rule rule = minute(Algorithm.SLIDING_WINDOW);
    take(NOON, 1, rule);
    String key = onlyKey();
    commands.del(key);
    commands.rpush(key, list("0", ago(9), "x", ago(5), "2", ago(1), "60"));
    assertThat(redis.refund(NOON, cost(5), Rules.match(rule), null).limits().getFirst().givenBack())
        .isBetween(0L, 5L);
    redis.refund(NOON, cost(60), Rules.match(rule), null);
    redis.reset(NOON, cost(0), Rules.match(rule));
    assertThat(commands.exists(key)).isZero();
  }

  private static String[] list(String... values) {
    return values;
  }

  private static String ago(long seconds) {
    return Long.toString(NOON - seconds * SECOND);
  }

  @Test
  void aForeignTypeUnderARefundsIdIsReplaced() {
    Rule rule = minute(Algorithm.FIXED_WINDOW);
    redis.refund(NOON, cost(1), Rules.match(rule), "a");
    String key = onlyKey();
    commands.del(key);
    commands.hset(key, "a", "b");
    assertThat(redis.refund(NOON, cost(1), Rules.match(rule), "a").applied()).isTrue();
    assertThat(redis.refund(NOON, cost(1), Rules.match(rule), "a").applied()).isFalse();
  }
}
