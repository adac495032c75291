package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.StoreUnavailableException;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A store that is full, or that has lost the scripts. */
@LocalStack
class StoreTroubleIT {

  private static final Check ONE = new Check("default", "client", "key", 1);
  private static final Check PEEK = new Check("default", "client", "key", 0);

  @Test
  void aFull62StoreChargesNothing(PrivateServers servers) {
    aFullStoreChargesNothing(servers, RedisBinary.BUNDLED);
  }

  @Test
  @Tag("full")
  void aFull7StoreChargesNothing(PrivateServers servers) {
    aFullStoreChargesNothing(servers, RedisBinary.INSTALLED);
  }

  /** Whichever limit is written first, also with a log that must trim, and for a refund. */
  private static void aFullStoreChargesNothing(PrivateServers servers, RedisBinary binary) {
    RedisServer server = servers.redis(RedisServer.Options.DEFAULT.with(binary));
    try (RedisUnderTest redis = new RedisUnderTest(server)) {
      List<Rule> rules = new ArrayList<>();
      for (Algorithm algorithm : Algorithm.values()) {
        rules.add(Rules.enforcing(1 + algorithm.ordinal(), Rules.policy(algorithm, 9, 3_600)));
      }
      for (int rotation = 0; rotation < rules.size(); rotation++) {
        Match match = new Match(rules, 1);
        redis.checkNow(ONE, match);
        redis.refund(clock(server), ONE, match, null);
        List<Long> before = left(redis.checkNow(PEEK, match));
        server.command("CONFIG", "SET", "maxmemory", "100kb");
        assertOutOfMemory(() -> redis.checkNow(ONE, match));
        assertOutOfMemory(() -> redis.refund(clock(server), ONE, match, "id"));
        server.command("CONFIG", "SET", "maxmemory", "0");
        assertThat(left(redis.checkNow(PEEK, match))).isEqualTo(before);
        Collections.rotate(rules, 1);
      }
    }
  }

  private static void assertOutOfMemory(Runnable call) {
    assertThatThrownBy(call::run)
        .hasCauseInstanceOf(StoreUnavailableException.class)
        .cause()
        .extracting(cause -> ((StoreUnavailableException) cause).reason())
        .isEqualTo(DegradedReason.STORE_ERROR);
  }

  private static long clock(RedisServer server) {
    List<String> time = server.command("TIME").lines().toList();
    return Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));
  }

  private static List<Long> left(Decision decision) {
    return decision.limits().stream()
        .map(limit -> ((Evaluated) limit).remaining())
        .sorted()
        .toList();
  }

  @Test
  void lostScriptsAreSentOnceAndChargeOnce(PrivateServers servers) {
    RedisServer server = servers.redis();
    Match match = Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 9, 86_400)));
    try (RedisUnderTest redis = new RedisUnderTest(server)) {
      redis.checkNow(ONE, match);
      server.command("SCRIPT", "FLUSH");
      server.command("CONFIG", "RESETSTAT");
      assertThat(left(redis.checkNow(ONE, match))).containsExactly(7L);
      assertThat(left(redis.checkNow(ONE, match))).containsExactly(6L);
      assertThat(CommandStats.calls(server, "eval")).isEqualTo(1);
      assertThat(CommandStats.calls(server, "evalsha")).isEqualTo(2);
    }
  }

  @Test
  void aBatchsChecksBelongToTheConnectionTheyWereMadeFor(PrivateServers servers) {
    Match match = Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 9, 86_400)));
    try (RedisUnderTest redis = new RedisUnderTest(servers.redis())) {
      assertThat(
              left(RedisUnderTest.await(redis.checkInPipeline(ONE, match, redis::loseConnection))))
          .containsExactly(8L);
    }
    try (RedisUnderTest redis = new RedisUnderTest(servers.redis())) {
      assertThat(redis.checkInPipeline(ONE, match, redis.connection()::close).toCompletableFuture())
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .withCauseInstanceOf(StoreUnavailableException.class);
    }
  }
}
