package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.proof.Bounds;
import io.ratelimiter.service.limiter.proof.EventLog;
import io.ratelimiter.service.limiter.proof.Recorder;
import io.ratelimiter.service.limiter.proof.Report;
import io.ratelimiter.service.limiter.proof.Witness;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Eight connections check one key at the same time, on Redis's own clock; the events are judged by
 * bounds and by a replay through the model.
 */
@LocalStack
class ConcurrentChecksIT {

  private static final int CLIENTS = 8;
  private static final int CHECKS = 500;
  private static final long SEED = 8L;

  @Test
  void onRedis62NoUnitIsGrantedTwice(@RedisFrom(RedisBinary.BUNDLED) RedisServer server)
      throws Exception {
    judgeAll(server);
  }

  @Test
  @Tag("full")
  void onRedis7NoUnitIsGrantedTwice(@RedisFrom(RedisBinary.INSTALLED) RedisServer server)
      throws Exception {
    judgeAll(server);
  }

  private static void judgeAll(RedisServer server) throws Exception {
    server.command("FLUSHALL");
    List<RedisUnderTest> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new RedisUnderTest(server));
    }
    try {
      for (Algorithm algorithm : Algorithm.values()) {
        judge(clients, Rules.match(Rules.enforcing(1, scarce(algorithm))), false);
      }
      Match several =
          Rules.match(
              Rules.enforcing(11, scarce(Algorithm.TOKEN_BUCKET)),
              Rules.enforcing(12, Rules.policy(Algorithm.FIXED_WINDOW, 3_000, 2)),
              Rules.enforcing(13, Rules.policy(Algorithm.SLIDING_WINDOW, 1_100, 1)),
              Rules.shadow(14, scarce(Algorithm.SLIDING_WINDOW_COUNTER)));
      judge(clients, several, false);
      judge(clients, several, true);
    } finally {
      clients.forEach(RedisUnderTest::close);
    }
  }

  /** Less than eight connections request; units come back within a second. */
  private static Policy scarce(Algorithm algorithm) {
    return algorithm == Algorithm.TOKEN_BUCKET
        ? Rules.bucket(2_000, 1, 50)
        : Rules.policy(algorithm, 1_500, 1);
  }

  private static void judge(List<RedisUnderTest> clients, Match match, boolean adjusting)
      throws Exception {
    Recorder recorder = new Recorder();
    String client = "client-" + match.rules().getFirst().id() + "-" + adjusting;
    CyclicBarrier start = new CyclicBarrier(CLIENTS);
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        RedisUnderTest redis = clients.get(i);
        Random random = new Random(SEED + i);
        all.add(
            threads.submit(() -> {
              start.await();
              hammer(redis, recorder, client, match, adjusting ? random : null);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    EventLog log = recorder.log();
    Report witness = Witness.judge(log);
    assertThat(witness.holds()).as(witness.text()).isTrue();
    assertThat(witness.judgedOf("keys")).isEqualTo(match.rules().size());
    if (!adjusting) {
      Report bounds = Bounds.judge(log);
      assertThat(bounds.holds()).as(bounds.text()).isTrue();
      assertThat(bounds.judgedOf("charges")).isPositive();
      assertThat(recorder.decisions()).anyMatch(event -> !event.allowed());
    }
  }

  private static void hammer(
      RedisUnderTest redis, Recorder recorder, String client, Match match, Random random) {
    for (int i = 0; i < CHECKS; i++) {
      long cost = random == null ? 1 : 1 + random.nextInt(3);
      Check check = new Check("default", client, "key", cost);
      if (random != null && random.nextInt(30) == 0) {
        recorder.record(check, redis.refundNow(check, match));
      } else if (random != null && random.nextInt(300) == 0) {
        Check reset = new Check("default", client, "key", 0);
        recorder.record(reset, redis.resetNow(reset, match));
      } else {
        recorder.record(check, redis.checkNow(check, match));
      }
    }
  }
}
