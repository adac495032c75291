package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisSentinel;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Match;
import java.nio.file.Files;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A primary, its replica and a Sentinel, each a process; the nodes require a password. */
@LocalStack
class RedisSentinelIT {

  private static final String PASSWORD = "secret";
  private static final Duration FAILOVER_LIMIT = Duration.ofSeconds(30);
  private static final int LIMIT = 50;
  private static final Match MATCH =
      Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, LIMIT, 86_400)));
  private static final Check CHECK = new Check("default", "client", "global", 1);

  private RedisServer primary;
  private RedisServer replica;
  private RedisSentinel sentinel;

  @BeforeEach
  void start(PrivateServers servers) {
    primary = servers.redis(node());
    replica = servers.redis(node().with("--replicaof", "127.0.0.1 " + primary.port()));
    Awaitility.await("the replica to be in sync")
        .atMost(FAILOVER_LIMIT)
        .until(() -> Files.readString(replica.logFile()).contains("Finished with success"));
    // Not earlier, since it queries a replica only every ten seconds.
    sentinel = servers.sentinel(new RedisSentinel.Options("limits", primary, PASSWORD));
    Awaitility.await("the Sentinel to list the replica")
        .atMost(FAILOVER_LIMIT)
        .until(() -> sentinel.replicasInStep() == 1);
  }

  private static RedisServer.Options node() {
    return RedisServer.Options.DEFAULT.with(
        "--requirepass", PASSWORD,
        "--masterauth", PASSWORD,
        // Otherwise the replica gets no data in its first second.
        "--repl-diskless-sync", "no");
  }

  private StoreUnderFault limiter() {
    return StoreUnderFault.at(
        "redis-sentinel://:" + PASSWORD + "@127.0.0.1:" + sentinel.port() + "/0#limits",
        Duration.ofMillis(500));
  }

  @Test
  void afterAFailoverChecksContinueWithTheDataOfTheReplica() {
    try (StoreUnderFault limiter = limiter()) {
      int admitted = 0;
      while (admitted < LIMIT / 2) {
        assertThat(limiter.check(CHECK, MATCH).source()).isEqualTo(Source.REDIS);
        admitted++;
      }

      primary.kill();
      admitted += untilTheLimitIsReached(limiter);

      assertThat(sentinel.primaryPort()).isEqualTo(replica.port());
      // Lost is what the replica had not received: at most one limit.
      System.out.printf("failover: %d units beyond the limit of %d%n", admitted - LIMIT, LIMIT);
      assertThat(admitted).isBetween(LIMIT, 2 * LIMIT);
    }
  }

  /** Units that the store allows from now on; degraded answers do not count. */
  private static int untilTheLimitIsReached(StoreUnderFault limiter) {
    int[] admitted = {0};
    Awaitility.await("the limit to be reached on the new primary")
        .atMost(FAILOVER_LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          Decision decision = limiter.check(CHECK, MATCH);
          admitted[0] += decision.source() == Source.REDIS && !blocked(decision) ? 1 : 0;
          return blocked(decision);
        });
    return admitted[0];
  }

  private static boolean blocked(Decision decision) {
    return decision instanceof Decision.Blocked;
  }

  @Test
  @Tag("faults")
  void aPrimaryThatFallsSilentIsReplacedByTheOneThatTheSentinelNames() {
    try (StoreUnderFault limiter = limiter()) {
      assertThat(limiter.check(CHECK, MATCH).source()).isEqualTo(Source.REDIS);

      // Its connections stay open, so no disconnection triggers a reconnection.
      primary.pause();
      assertThat(limiter.check(CHECK, MATCH).degradedReason()).isEqualTo(DegradedReason.TIMEOUT);

      limiter.awaitClosed(FAILOVER_LIMIT, CHECK, MATCH);
      assertThat(sentinel.primaryPort()).isEqualTo(replica.port());
      primary.resume();
      Awaitility.await("the old primary to become a replica")
          .atMost(FAILOVER_LIMIT)
          .until(() -> sentinel.replicasInStep() == 1 && !limiter.check(CHECK, MATCH).degraded());
    }
  }
}
