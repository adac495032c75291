package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.StoreKey;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

      moveAsLoadGoesOn(cluster, limiter);

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

  private static void moveAsLoadGoesOn(RedisCluster cluster, StoreUnderFault limiter) {
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
    Decision looked = limiter.check(new Check("default", "client-0", "global", 0), MATCH);
    assertThat(
            ((io.ratelimiter.service.limiter.LimitOutcome.Judged) looked.limits().getFirst())
                .remaining())
        .isEqualTo(1_000 - charged);
  }

  private static int slot(RedisCluster cluster, Check check) {
    return cluster.slot(StoreKey.prefix(check));
  }
}
