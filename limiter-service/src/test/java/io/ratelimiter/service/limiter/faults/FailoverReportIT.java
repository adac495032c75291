package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisSentinel;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.limiter.faults.FaultRun.Declared;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Changes of role and nodes of several Redis under 200 checks per second through a complete
 * service; writes {@code target/failover-report.md}.
 */
@LocalStack
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class FailoverReportIT {

  private final FaultReport report = new FaultReport();

  @AfterAll
  void write() throws IOException {
    report.write("failover-report.md");
  }

  @Test
  void r7ReadonlyUntilPromoted(PrivateServers servers) {
    RedisServer redis = servers.redis();
    RedisServer other =
        servers.redis(RedisServer.Options.DEFAULT.with("--repl-diskless-sync", "no"));
    try (FaultRun run = new FaultRun(FaultRun.at(redis.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      redis.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
      run.goOn(4);
      awaitLinkUp(redis);
      run.storeLosesData();
      redis.command("REPLICAOF", "NO", "ONE");
      run.end();
      report.verify(run, "R7 `READONLY` for 4 s, open", new Declared(FaultRun.BURST, late), "");
      assertThat(run.degraded(DegradedReason.STORE_ERROR)).isGreaterThanOrEqualTo(5);
    }
  }

  private static void awaitLinkUp(RedisServer replica) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> replica.command("INFO", "replication").contains("master_link_status:up"));
  }

  @Test
  void r7FailedOverBySentinel(PrivateServers servers) {
    RedisServer primary = servers.redis();
    RedisServer replica =
        servers.redis(
            RedisServer.Options.DEFAULT.with(
                "--replicaof", "127.0.0.1 " + primary.port(), "--repl-diskless-sync", "no"));
    awaitLinkUp(replica);
    RedisSentinel sentinel = servers.sentinel(new RedisSentinel.Options("limits", primary, ""));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sentinel.replicasInStep() == 1);
    Map<String, String> environment = new HashMap<>(FaultRun.at(primary.port(), "open"));
    environment.put("REDIS_URL", "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#limits");
    try (FaultRun run = new FaultRun(environment)) {
      // What the replica had not received is lost, and any client may be affected.
      run.losesDataOf(_ -> true);
      run.begin();
      long late = run.lateBound();
      primary.kill();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> replica.command("ROLE").startsWith("master"));
      run.end();
      report.verifyAfterLoss(
          run, "R7 failover by Sentinel, open", new Declared(FaultRun.BURST, late));
    }
  }

  @Test
  void r7ClusterWithSlotsMovedAndANodeLost(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    RedisServer lost = cluster.node(1);
    Predicate<String> ofLost = client -> cluster.owner(slot(cluster, client)) == lost;
    Map<String, String> environment = new HashMap<>(FaultRun.at(1, "open"));
    environment.put("REDIS_URL", cluster.url());
    try (FaultRun run = new FaultRun(environment)) {
      run.begin();
      for (int i = 0; i < 5; i++) {
        int slot = slot(cluster, "tb-" + i);
        RedisServer from = cluster.owner(slot);
        if (from != lost) {
          cluster.move(slot, from, from == cluster.node(0) ? cluster.node(2) : cluster.node(0));
        }
      }
      run.goOn(2);
      long untilLost = run.degradedSoFar();
      long refused = run.degraded(DegradedReason.STORE_ERROR, DegradedReason.CONNECTION);
      long late = run.lateBound();
      Map<String, Boolean> lostClients = new HashMap<>();
      run.clients().forEach(client -> lostClients.put(client, ofLost.test(client)));
      run.losesDataOf(client -> lostClients.getOrDefault(client, false));
      lost.kill();
      run.goOn(4);
      lost.start();
      run.end();
      String others =
          "%d degraded while slots moved, %d of clients of the other nodes"
              .formatted(untilLost, run.degradedOf(client -> !lostClients.get(client)));
      report.verify(
          run,
          "R7 cluster, slots moved, a node lost for 4 s, open",
          new Declared(FaultRun.BURST, late),
          others);
      assertThat(refused).as("refused while slots moved").isZero();
    }
  }

  private static int slot(RedisCluster cluster, String client) {
    String tenant = client.startsWith("client-") ? SteadyLoad.WIDE : client.substring(0, 2);
    return cluster.slot(StoreKey.prefix(new Check(tenant, client, "global", 1), Placement.CLIENT));
  }
}
