package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.CheckOptions;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.SettleRequest;
import io.ratelimiter.service.limiter.Threads;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.limiter.proof.Bounds;
import io.ratelimiter.service.limiter.proof.Recorder;
import io.ratelimiter.service.limiter.proof.Report;
import io.ratelimiter.service.limiter.proof.Witness;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Concurrent estimates, their settlements, and callers that are killed before they settle, on
 * Redis's own clock. The windows are so long that no unit is refilled within a run.
 */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EstimatesIT {

  private static final int CONNECTIONS = 8;
  private static final int ESTIMATES = 500;
  private static final int CAPACITY = 1_000;
  private static final long AN_HOUR = 3_600_000;

  private final RedisServer server;
  private final List<RedisUnderTest> connections = new ArrayList<>();

  EstimatesIT(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    this.server = server;
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new RedisUnderTest(server));
    }
  }

  @AfterAll
  void close() {
    connections.forEach(RedisUnderTest::close);
  }

  private static Match match(Algorithm algorithm) {
    return Rules.match(
        Rules.enforcing(1, Rules.policy(algorithm, CAPACITY, Policy.MAX_WINDOW_SECONDS)));
  }

  private static Check estimate(String client, String id, long cost, long withinMillis) {
    return new Check("estimates", client, "key", cost)
        .with(new CheckOptions(Priority.NORMAL, 0, withinMillis, id));
  }

  private long used(String client, Match match) {
    Check peek = new Check("estimates", client, "key", 0);
    Decision decision = connections.getFirst().checkNow(peek, match);
    return CAPACITY - ((Evaluated) decision.limits().getFirst()).remaining();
  }

  /** Each thread estimates 3 to 9 units; the allowed checks are settled concurrently, by 0 to 8. */
  @ParameterizedTest
  @EnumSource
  void fiveHundredConcurrentEstimatesNeverExceedTheCapacity(Algorithm algorithm) throws Exception {
    Match match = match(algorithm);
    String client = algorithm.code();
    Recorder recorder = new Recorder();
    Queue<Check> allowed = new ConcurrentLinkedQueue<>();

    int estimated =
        Threads.sum(
            ESTIMATES,
            thread -> {
              Check check = estimate(client, client + thread, 3 + thread % 7, AN_HOUR);
              Decision decision = connections.get(thread % CONNECTIONS).checkNow(check, match);
              recorder.record(check, decision);
              if (decision instanceof Decision.Allowed) {
                allowed.add(check);
                return (int) check.cost();
              }
              return 0;
            });

    assertThat(estimated).isBetween(CAPACITY - 8, CAPACITY);
    assertThat(used(client, match)).isEqualTo(estimated);
    List<Check> settled = List.copyOf(allowed);
    int actual =
        Threads.sum(
            settled.size(),
            thread -> {
              Check check = settled.get(thread);
              long cost = Math.min(check.cost(), thread % 9);
              String id = check.options().decisionId();
              recorder.record(
                  id,
                  connections
                      .get(thread % CONNECTIONS)
                      .settleNow(new SettleRequest("estimates", client, id, cost))
                      .orElseThrow());
              return (int) cost;
            });
    // A bucket gives back whole units: of a charge that has begun to drain, one less than all of
    // it.
    int rounded = algorithm == Algorithm.TOKEN_BUCKET ? Math.ceilDiv(settled.size(), 9) : 0;
    assertThat(used(client, match)).isBetween((long) actual, (long) actual + rounded);
    for (Report report : List.of(Bounds.judge(recorder.log()), Witness.judge(recorder.log()))) {
      assertThat(report.holds()).as(report.text()).isTrue();
      assertThat(report.judgedOf("settlements")).isEqualTo(settled.size());
    }
  }

  /** The caller's connection ends after the answer; the record of its decision expires. */
  @ParameterizedTest
  @EnumSource
  void aKilledCallerCostsItsEstimateAndNothingMore(Algorithm algorithm) {
    Match match = match(algorithm);
    String client = "killed-" + algorithm.code();
    Check check = estimate(client, client, 40, 100);
    try (RedisUnderTest caller = new RedisUnderTest(server)) {
      assertThat(caller.checkNow(check, match)).isInstanceOf(Decision.Allowed.class);
    }

    String prefix = StoreKey.prefix(check, Placement.CLIENT);
    String counter = StoreKey.of(prefix, match.rules().getFirst(), check);
    var redis = connections.getFirst().connection().sync();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(redis.keys(prefix + "*")).containsExactly(counter));
    assertThat(connections.getFirst().settleNow(new SettleRequest("estimates", client, client, 0)))
        .isEmpty();
    assertThat(used(client, match)).isEqualTo(40);
  }
}
