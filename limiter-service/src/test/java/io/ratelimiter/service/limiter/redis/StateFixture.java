package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Rule;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A real Redis, emptied before each test, and checks at times of the test. */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StateFixture {

  static final long SECOND = 1_000_000;

  /** Ten seconds into a minute, later than the real clock. */
  static final long NOON = (46_297L * 86_400 + 43_210) * SECOND;

  final RedisUnderTest redis;
  final RedisServer server;
  final RedisCommands<String, String> commands;

  StateFixture(RedisServer server) {
    this.server = server;
    this.redis = new RedisUnderTest(server);
    this.commands = redis.connection().sync();
  }

  @BeforeEach
  void empty() {
    commands.flushall();
  }

  @AfterAll
  void close() {
    redis.close();
  }

  static Rule minute(Algorithm algorithm) {
    return Rules.enforcing(1, Rules.policy(algorithm, 60, 60));
  }

  static Check cost(long cost) {
    return new Check("default", "client", "key", cost);
  }

  final Decision take(long nowMicros, long cost, Rule... rules) {
    return redis.check(nowMicros, cost(cost), Rules.match(rules));
  }

  final String onlyKey() {
    List<String> keys = commands.keys("*");
    assertThat(keys).hasSize(1);
    return keys.getFirst();
  }

  /** When the key expires, milliseconds since 1970, to within one. */
  final long expiresAtMillis(String key) {
    Long millis =
        commands.eval(
            "local t = redis.call('TIME') "
                + "return redis.call('PTTL', KEYS[1]) + math.floor(t[1] * 1000 + t[2] / 1000)",
            ScriptOutputType.INTEGER,
            key);
    assertThat(commands.pttl(key)).as("time to live of " + key).isPositive();
    return millis;
  }
}
