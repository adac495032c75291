package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.proxy.TcpProxy;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Source;
import io.ratelimiter.service.limiter.resilience.BreakerStatus.State;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.FailMode;
import io.ratelimiter.service.rules.Match;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The faults of the store that a limiter must survive, with child processes. */
@LocalStack
class StoreFaultsIT {

  private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(3);
  private static final Match WIDE =
      Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 1_000_000, 86_400)));

  private static Check client(int number) {
    return new Check("default", "client-" + number, "global", 1);
  }

  @Test
  void r1AKilledStoreOpensTheBreakerAndARestartedOneClosesIt(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (StoreUnderFault limiter = new StoreUnderFault(redis.port(), FailMode.OPEN)) {
      assertThat(limiter.check(client(1), WIDE).source()).isEqualTo(Source.REDIS);

      redis.kill();
      List<Decision> without = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        without.add(limiter.check(client(i), WIDE));
      }

      assertThat(without).allMatch(d -> d instanceof Decision.Allowed && d.degraded());
      assertThat(without).extracting(Decision::source).containsOnly(Source.NONE);
      assertThat(without.getLast().degradedReason()).isEqualTo(DegradedReason.CIRCUIT_OPEN);
      assertThat(limiter.breaker().state()).isEqualTo(State.OPEN);
      assertThat(limiter.breaker().redisAvailable()).isFalse();
      assertThat(limiter.breaker().timeUntilRetrySeconds()).isBetween(1L, 60L);
      assertThat(limiter.metric("ratelimiter.redis.errors")).isGreaterThanOrEqualTo(5);

      redis.start();
      limiter.awaitClosed(RECOVERY_LIMIT, client(1), WIDE);
      assertThat(limiter.breaker().redisAvailable()).isTrue();
    }
  }

  @Test
  void r2APausedStoreDelaysNoCheckBeyondTheTimeoutAndNothingIsSentTwice(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (StoreUnderFault limiter = new StoreUnderFault(redis.port(), FailMode.OPEN)) {
      limiter.check(client(1), WIDE);
      redis.pause();
      int concurrency = 20;
      List<CompletableFuture<Decision>> inFlight = new ArrayList<>();
      for (int i = 0; i < concurrency; i++) {
        inFlight.add(limiter.send(client(1), WIDE));
      }

      assertThat(inFlight).allMatch(check -> check.join().degraded());
      assertThat(inFlight.getFirst().join().degradedReason()).isEqualTo(DegradedReason.TIMEOUT);
      for (int i = 0; i < 200; i++) {
        assertThat(limiter.check(client(1), WIDE).degraded()).isTrue();
      }

      redis.resume();
      limiter.awaitClosed(RECOVERY_LIMIT, client(2), WIDE);
      // Only commands in flight when it stopped may have been charged late, each once.
      assertThat(used(limiter, client(1))).isBetween(1L, 1L + concurrency);
    }
  }

  private static long used(StoreUnderFault limiter, Check check) {
    Decision peek =
        limiter.check(new Check(check.tenant(), check.clientId(), check.limitKey(), 0), WIDE);
    LimitOutcome.Evaluated limit = (LimitOutcome.Evaluated) peek.limits().getFirst();
    return limit.rule().policy().limit() - limit.remaining();
  }

  @Test
  void r3ASlowStoreOpensTheBreakerAndTakesNoThreadAndNoMemoryWithIt(PrivateServers servers) {
    RedisServer redis = servers.redis();
    TcpProxy proxy = servers.proxy(redis.port());
    try (StoreUnderFault limiter = new StoreUnderFault(proxy.port(), FailMode.OPEN)) {
      limiter.check(client(1), WIDE);
      int threads = ManagementFactory.getThreadMXBean().getThreadCount();

      // Ten timeouts, so that the test holds on a slow machine too.
      proxy.delayReplies(Duration.ofMillis(500), Duration.ofMillis(650), 1);
      List<CompletableFuture<Decision>> inFlight = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        inFlight.add(limiter.send(client(i), WIDE));
      }

      assertThat(inFlight).allMatch(check -> check.join().degraded());
      assertThat(limiter.breaker().state()).isEqualTo(State.OPEN);
      // Some threads start with the first failure, but not one per check.
      assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + 20);
      proxy.resume();
      limiter.awaitClosed(RECOVERY_LIMIT, client(2), WIDE);
    }
  }

  @Test
  void r4AReplyThatIsCutOffIsChargedOnceAndNeverSentAgain(PrivateServers servers) {
    RedisServer redis = servers.redis();
    TcpProxy proxy = servers.proxy(redis.port());
    try (StoreUnderFault limiter =
        new StoreUnderFault(proxy.port(), FailMode.OPEN, Duration.ofSeconds(2))) {
      limiter.check(client(1), WIDE);

      proxy.cutReplyAfter(3);
      Decision ambiguous = limiter.check(client(1), WIDE);

      assertThat(ambiguous.degradedReason()).isEqualTo(DegradedReason.CONNECTION);
      proxy.resume();
      limiter.awaitClosed(RECOVERY_LIMIT, client(2), WIDE);
      assertThat(used(limiter, client(1))).isEqualTo(2);
    }
  }

  @Test
  void r5AFlushedScriptCacheFailsNoCheck(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (StoreUnderFault limiter =
        new StoreUnderFault(redis.port(), FailMode.OPEN, Duration.ofSeconds(2))) {
      for (int i = 0; i < 200; i++) {
        if (i % 50 == 0) {
          redis.command("SCRIPT", "FLUSH");
        }
        assertThat(limiter.check(client(1), WIDE).source()).isEqualTo(Source.REDIS);
      }
      assertThat(used(limiter, client(1))).isEqualTo(200);
    }
  }

  @Test
  void r6AFullStoreIsAFailureThatChargesNothingAndHeals(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (StoreUnderFault limiter =
        new StoreUnderFault(redis.port(), FailMode.OPEN, Duration.ofSeconds(2))) {
      limiter.check(client(1), WIDE);
      redis.command("CONFIG", "SET", "maxmemory", "1");

      Decision full = limiter.check(client(1), WIDE);

      assertThat(full.degradedReason()).isEqualTo(DegradedReason.STORE_ERROR);
      redis.command("CONFIG", "SET", "maxmemory", "0");
      limiter.awaitClosed(RECOVERY_LIMIT, client(2), WIDE);
      assertThat(used(limiter, client(1))).isEqualTo(1);
    }
  }

  @Test
  void r7AReplicaIsAFailureUntilItIsPromoted(PrivateServers servers) {
    RedisServer redis = servers.redis();
    RedisServer primary = servers.redis();
    try (StoreUnderFault limiter =
        new StoreUnderFault(redis.port(), FailMode.CLOSED, Duration.ofSeconds(2))) {
      limiter.check(client(1), WIDE);
      redis.command("REPLICAOF", "localhost", Integer.toString(primary.port()));

      List<Decision> refused = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        refused.add(limiter.check(client(1), WIDE));
      }

      assertThat(refused).allMatch(Decision.FailedClosed.class::isInstance);
      assertThat(refused.getFirst().degradedReason()).isEqualTo(DegradedReason.STORE_ERROR);
      assertThat(limiter.breaker().state()).isEqualTo(State.OPEN);
      redis.command("REPLICAOF", "NO", "ONE");
      limiter.awaitClosed(RECOVERY_LIMIT, client(2), WIDE);
    }
  }

  @Test
  void r9AnotherClientsEndlessScriptIsAFailureUntilItIsKilled(PrivateServers servers) {
    RedisServer redis = servers.redis(RedisServer.Options.DEFAULT.with("--lua-time-limit", "50"));
    try (StoreUnderFault limiter =
        new StoreUnderFault(redis.port(), FailMode.LOCAL, Duration.ofSeconds(2))) {
      limiter.check(client(1), WIDE);
      CompletableFuture<Void> endless =
          CompletableFuture.runAsync(() -> redis.command("EVAL", "while true do end", "0"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> limiter.check(client(1), WIDE).degraded());

      Decision busy = limiter.check(client(1), WIDE);

      assertThat(busy.source()).isEqualTo(Source.LOCAL);
      redis.command("SCRIPT", "KILL");
      limiter.awaitClosed(RECOVERY_LIMIT, client(2), WIDE);
      endless.handle((_, _) -> null).join();
    }
  }

  @Test
  void failingLocalLimitsToThisInstancesShare(PrivateServers servers) {
    RedisServer redis = servers.redis();
    Match twenty =
        Rules.match(Rules.enforcing(1, Rules.policy(Algorithm.FIXED_WINDOW, 20, 86_400)));
    try (StoreUnderFault limiter = new StoreUnderFault(redis.port(), FailMode.LOCAL)) {
      // By another client: it is counted here if a pause of the machine exceeds the timeout.
      limiter.check(client(2), twenty);
      redis.kill();

      List<Decision> local = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        local.add(limiter.check(client(1), twenty));
      }

      // Two instances share the limit, so this one may let ten pass.
      assertThat(local).filteredOn(Decision.Allowed.class::isInstance).hasSize(10);
      assertThat(local).allMatch(Decision::degraded);
      assertThat(local).extracting(Decision::source).containsOnly(Source.LOCAL);
    }
  }
}
