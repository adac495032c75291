package io.ratelimiter.service.limiter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisBinary;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.RedisFrom;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Threads;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that share a counter, checked at the same time on Redis's own clock. The windows are so
 * long that no unit comes back within a run.
 */
@LocalStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedCountersIT {

  private static final int CONNECTIONS = 8;
  private static final int THREADS = 64;
  private static final int CHECKS = 25;
  private static final int CLIENTS = 7;
  private static final int TOTAL = 1_000;

  private final List<RedisUnderTest> connections = new ArrayList<>();

  SharedCountersIT(@RedisFrom(RedisBinary.BUNDLED) RedisServer server) {
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new RedisUnderTest(server));
    }
  }

  @AfterAll
  void close() {
    connections.forEach(RedisUnderTest::close);
  }

  private static Policy endless(Algorithm algorithm, long limit) {
    return Rules.policy(algorithm, limit, Policy.MAX_WINDOW_SECONDS);
  }

  private static Check of(Algorithm algorithm, int client, long cost) {
    return new Check("total-" + algorithm.code(), "client-" + client, "key", cost);
  }

  private Decision check(int thread, Check check, Match match) {
    return connections.get(thread % CONNECTIONS).checkNow(check, match);
  }

  private long remaining(Check check, Match match, int limit) {
    return ((Evaluated) check(0, check, match).limits().get(limit)).remaining();
  }

  @ParameterizedTest
  @EnumSource
  void concurrentChecksOfSeveralClientsAreAllowedExactlyTheTenantsTotal(Algorithm algorithm)
      throws Exception {
    Match match =
        Rules.match(
            Rules.enforcing(1, endless(algorithm, TOTAL)),
            Rules.countedBy(2, endless(algorithm, TOTAL)));

    int allowed =
        Threads.sum(
            THREADS,
            thread -> {
              int own = 0;
              for (int i = 0; i < CHECKS; i++) {
                Check check = of(algorithm, (thread + i) % CLIENTS, 1);
                own += check(thread, check, match) instanceof Decision.Allowed ? 1 : 0;
              }
              return own;
            });

    assertThat(allowed).isEqualTo(TOTAL);
    assertThat(remaining(of(algorithm, 0, 0), match, 1)).isZero();
    long consumedByClients = 0;
    for (int client = 0; client < CLIENTS; client++) {
      consumedByClients += TOTAL - remaining(of(algorithm, client, 0), match, 0);
    }
    assertThat(consumedByClients).isEqualTo(TOTAL);
  }

  /** Limits that are charged one after the other would consume the broad one. */
  @ParameterizedTest
  @EnumSource
  void concurrentChecksThatANarrowLimitBlocksLeaveTheBroadCounterUntouched(Algorithm algorithm)
      throws Exception {
    Rule broad = Rules.countedBy(11, endless(algorithm, TOTAL));
    Match match = Rules.match(Rules.enforcing(10, endless(algorithm, 1)), broad);
    Check check = of(algorithm, 0, 1);
    assertThat(check(0, check, match)).isInstanceOf(Decision.Allowed.class);
    byte[] before = stored(broad, check);

    int blocked =
        Threads.sum(100, thread -> check(thread, check, match) instanceof Decision.Blocked ? 1 : 0);

    assertThat(blocked).isEqualTo(100);
    assertThat(before).isNotNull();
    assertThat(stored(broad, check)).isEqualTo(before);
    assertThat(remaining(of(algorithm, 1, 0), match, 1)).isEqualTo(TOTAL - 1);
  }

  /** The value of the rule's counter. */
  private byte[] stored(Rule rule, Check check) {
    String key = StoreKey.of(StoreKey.prefix(check, Placement.CLIENT), rule, check);
    return connections.getFirst().connection().sync().dump(key);
  }
}
