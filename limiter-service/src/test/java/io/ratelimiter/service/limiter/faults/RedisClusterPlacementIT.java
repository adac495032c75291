package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.Threads;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Match;
import io.ratelimiter.service.rules.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where counters are on a real cluster of three processes. */
@LocalStack
class RedisClusterPlacementIT {

  private static final int THREADS = 64;
  private static final int CHECKS = 25;
  private static final int CLIENTS = 7;
  private static final int TOTAL = 1_000;
  private static final Attributes FROM_ONE_ADDRESS = Attributes.of(Map.of("ip", "10.0.0.1"));

  private static Check of(int client, long cost) {
    return new Check("acme", "client-" + client, "key", FROM_ONE_ADDRESS, cost);
  }

  /** No unit comes back within a run. */
  private static Policy endless(Algorithm algorithm) {
    return Rules.policy(algorithm, TOTAL, Policy.MAX_WINDOW_SECONDS);
  }

  @Test
  void withTenantPlacementConcurrentChecksAreAllowedExactlyTheTotal(PrivateServers servers)
      throws Exception {
    RedisCluster cluster = new RedisCluster(servers);
    try (StoreUnderFault limiter = StoreUnderFault.at(cluster.url(), Placement.TENANT)) {
      long id = 0;
      for (Algorithm algorithm : Algorithm.values()) {
        Match match =
            Rules.match(
                Rules.enforcing(++id, endless(algorithm)),
                Rules.countedBy(++id, endless(algorithm)),
                Rules.countedBy(++id, endless(algorithm), "ip"));

        assertThat(allowed(limiter, match)).as("%s", algorithm).isEqualTo(TOTAL);
        assertThat(consumedByClients(limiter, match)).as("%s", algorithm).isEqualTo(TOTAL);
      }
      // A counter of each client, the total and that of the address, for each algorithm.
      assertThat(keys(cluster))
          .hasSize(4 * (CLIENTS + 2))
          .allMatch(key -> key.startsWith("rl:{acme}"));
      assertThat(nodesWithKeys(cluster)).hasSize(1);
    }
  }

  private static int allowed(StoreUnderFault limiter, Match match) throws Exception {
    return Threads.sum(
        THREADS,
        thread -> {
          int allowed = 0;
          for (int i = 0; i < CHECKS; i++) {
            Decision decision = limiter.checkInStore(of((thread + i) % CLIENTS, 1), match);
            assertThat(decision.source()).isEqualTo(Source.REDIS);
            allowed += decision instanceof Decision.Allowed ? 1 : 0;
          }
          return allowed;
        });
  }

  private static long consumedByClients(StoreUnderFault limiter, Match match) {
    long consumed = 0;
    for (int client = 0; client < CLIENTS; client++) {
      Decision peek = limiter.checkInStore(of(client, 0), match);
      consumed += TOTAL - ((Evaluated) peek.limits().getFirst()).remaining();
    }
    return consumed;
  }

  @Test
  void withClientPlacementEachClientsCountersAreInASlotOfItsOwn(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    Match match =
        Rules.match(
            Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 9, 60)),
            Rules.shared(2, Rules.policy(Algorithm.TOKEN_BUCKET, 9, 3_600)),
            Rules.countedBy(3, Rules.policy(Algorithm.SLIDING_WINDOW, 9, 60), "client_id", "ip"));
    List<String> expected = new ArrayList<>();
    try (StoreUnderFault limiter = StoreUnderFault.at(cluster.url(), Placement.CLIENT)) {
      for (int i = 0; i < 30; i++) {
        assertThat(limiter.check(of(i, 1), match)).isInstanceOf(Decision.Allowed.class);
        expected.add("rl:{acme/client-" + i + "}:1:fw:60:key");
        expected.add("rl:{acme/client-" + i + "}:2:tb:3600");
        expected.add("rl:{acme/client-" + i + "}:3:sl:60:10.0.0.1");
      }
    }
    assertThat(keys(cluster)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(nodesWithKeys(cluster)).hasSize(3);
  }

  /** The service refuses such rules; the cluster charges nothing of a check in several slots. */
  @Test
  void withClientPlacementACounterOfSeveralClientsFailsAndNothingIsCharged(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    Match match =
        Rules.match(
            Rules.enforcing(1, endless(Algorithm.FIXED_WINDOW)),
            Rules.countedBy(2, endless(Algorithm.FIXED_WINDOW)));
    try (StoreUnderFault limiter = StoreUnderFault.at(cluster.url(), Placement.CLIENT)) {
      assertThat(limiter.check(of(0, 1), match).degradedReason())
          .isEqualTo(DegradedReason.STORE_ERROR);
    }
    assertThat(keys(cluster)).isEmpty();
  }

  private static List<String> keys(RedisCluster cluster) {
    List<String> keys = new ArrayList<>();
    for (int node = 0; node < 3; node++) {
      keys.addAll(keys(cluster.node(node)));
    }
    return keys;
  }

  private static List<String> keys(RedisServer node) {
    return node.command("KEYS", "rl:*").lines().filter(line -> !line.isBlank()).toList();
  }

  private static List<Integer> nodesWithKeys(RedisCluster cluster) {
    List<Integer> nodes = new ArrayList<>();
    for (int node = 0; node < 3; node++) {
      if (!keys(cluster.node(node)).isEmpty()) {
        nodes.add(node);
      }
    }
    return nodes;
  }
}
