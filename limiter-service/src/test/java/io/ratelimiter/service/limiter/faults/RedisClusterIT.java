package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.evaluation.StoreKey;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A real cluster of three processes. */
@LocalStack
class RedisClusterIT {

  /** Two limits, so that a check needs two keys of one slot. */
  private static final Match MATCH =
      Rules.match(
          Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 1_000, 86_400)),
          Rules.enforcing(2, Rules.policy(Algorithm.TOKEN_BUCKET, 1_000, 86_400)));

  private static Check client(int number) {
    return new Check("default", "client-" + number, "global", 1);
  }

  @Test
  void r7ChecksSucceedWhileASlotMovesAndOnlyALostNodesClientsAreDegraded(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    try (StoreUnderFault limiter = StoreUnderFault.at(cluster.url())) {
      for (int i = 0; i < 60; i++) {
        assertThat(limiter.check(client(i), MATCH).source()).isEqualTo(Source.REDIS);
      }

      moveUnderLoad(cluster, limiter);

      RedisServer lost = cluster.node(1);
      lost.kill();
      List<Decision> decisions = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        if (cluster.owner(slot(cluster, client(i))) != lost) {
          decisions.add(limiter.check(client(i), MATCH));
        }
      }
      assertThat(decisions).isNotEmpty().extracting(Decision::source).containsOnly(Source.REDIS);
    }
  }

  private static void moveUnderLoad(RedisCluster cluster, StoreUnderFault limiter) {
    Check moved = client(0);
    int slot = slot(cluster, moved);
    RedisServer from = cluster.owner(slot);
    RedisServer to = from == cluster.node(2) ? cluster.node(0) : cluster.node(2);
    CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> cluster.move(slot, from, to));
    int charged = 1;
    while (!moving.isDone() || charged < 200) {
      Decision decision = limiter.check(moved, MATCH);
      assertThat(decision.source()).as("check %d", charged).isEqualTo(Source.REDIS);
      charged++;
    }
    moving.join();
    Decision peek = limiter.check(new Check("default", "client-0", "global", 0), MATCH);
    assertThat(remaining(peek)).isEqualTo(1_000 - charged);
  }

  /**
   * The first check of a client whose slot is being moved needs two keys that neither node has: the
   * cluster runs nothing and returns TRYAGAIN.
   */
  @Test
  void aCheckWaitsForASlotThatIsBeingMovedAndIsChargedOnce(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    Check check = client(0);
    int slot = slot(cluster, check);
    RedisServer from = cluster.owner(slot);
    RedisServer to = from == cluster.node(2) ? cluster.node(0) : cluster.node(2);
    try (StoreUnderFault limiter = StoreUnderFault.at(cluster.url())) {
      cluster.beginToMove(slot, from, to);
      CompletableFuture<Decision> waiting = limiter.send(check, MATCH);
      Awaitility.await("the reply TRYAGAIN")
          .until(() -> to.command("INFO", "commandstats").contains("cmdstat_asking"));
      assertThat(waiting).isNotDone();

      cluster.finishMoving(slot, from, to);

      assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join().source()).isEqualTo(Source.REDIS);
      assertThat(remaining(limiter.check(check, MATCH))).isEqualTo(998);
    }
  }

  @Test
  void aSlotThatStaysBetweenTwoNodesIsAFailureThatChargesNothing(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    Check check = client(0);
    int slot = slot(cluster, check);
    RedisServer from = cluster.owner(slot);
    RedisServer to = from == cluster.node(2) ? cluster.node(0) : cluster.node(2);
    try (StoreUnderFault limiter = StoreUnderFault.at(cluster.url(), Duration.ofMillis(500))) {
      cluster.beginToMove(slot, from, to);

      Decision between = limiter.check(check, MATCH);

      assertThat(between.degradedReason()).isEqualTo(DegradedReason.STORE_ERROR);
      // A client of another slot is not affected.
      assertThat(limiter.check(client(1), MATCH).source()).isEqualTo(Source.REDIS);
      cluster.finishMoving(slot, from, to);
      limiter.awaitClosed(Duration.ofSeconds(5), client(1), MATCH);
      assertThat(remaining(limiter.check(check, MATCH))).isEqualTo(999);
    }
  }

  /** The permissions for one node, and those for commands about the cluster. */
  @Test
  void theDocumentedPermissionsAreSufficientForACluster(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    for (int i = 0; i < 3; i++) {
      Permissions.grant(cluster.node(i), "+cluster", "+asking", "+info");
    }
    try (StoreUnderFault limiter =
        StoreUnderFault.at(cluster.url().replace("redis://", "redis://limiter:secret@"))) {
      for (int i = 0; i < 30; i++) {
        assertThat(limiter.check(client(i), MATCH).source()).isEqualTo(Source.REDIS);
      }
    }
  }

  private static long remaining(Decision decision) {
    return ((LimitOutcome.Evaluated) decision.limits().getFirst()).remaining();
  }

  private static int slot(RedisCluster cluster, Check check) {
    return cluster.slot(StoreKey.prefix(check, Placement.CLIENT));
  }
}
