package io.ratelimiter.service.limiter.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Decision;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.LimitOutcome;
import io.ratelimiter.service.limiter.LimitOutcome.Evaluated;
import io.ratelimiter.service.limiter.Rules;
import io.ratelimiter.service.limiter.Threads;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Attributes;
import io.ratelimiter.service.rules.Match;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters that clients of different shards share. */
class SharedAccountsTests {

  private static final int SHARDS = 4;
  private static final int TENANTS = 8;
  private static final int CLIENTS = 40;
  private static final int THREADS = 32;
  private static final int DAY = 86_400;
  private static final Instant NOW = Instant.parse("2026-11-30T00:00:00Z");

  private LocalLimiter limiter = new LocalLimiter(1, () -> NOW, 64 << 20, SHARDS);

  private static Check of(int tenant, int client, long cost) {
    return new Check("tenant-" + tenant, "client-" + client, "key", cost);
  }

  private Decision check(Check check, Match match) {
    return limiter.check(check, match, DegradedReason.CIRCUIT_OPEN).toCompletableFuture().join();
  }

  private boolean allowed(Check check, Match match) {
    return check(check, match) instanceof Decision.Allowed;
  }

  private static long remaining(LimitOutcome limit) {
    return ((Evaluated) limit).remaining();
  }

  /** Number of checks of all clients that are allowed. */
  private int allowed(Match match) {
    int allowed = 0;
    for (int client = 0; client < CLIENTS; client++) {
      allowed += allowed(of(0, client, 1), match) ? 1 : 0;
    }
    return allowed;
  }

  @ParameterizedTest
  @EnumSource
  void clientsOfDifferentShardsShareOneCounter(Algorithm algorithm) {
    Match match =
        Rules.match(
            Rules.enforcing(1, Rules.policy(algorithm, 9, DAY)),
            Rules.countedBy(2, Rules.policy(algorithm, 25, DAY)));

    assertThat(allowed(match)).isEqualTo(25);
    assertThat(allowed(of(1, 0, 1), match)).isTrue();
  }

  @Test
  void anInstanceGrantsItsShareOfASharedCounter() {
    limiter = new LocalLimiter(3, () -> NOW, 64 << 20, SHARDS);

    assertThat(allowed(Rules.match(Rules.countedBy(1, Rules.bucket(10, DAY, 10))))).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource
  void withoutRoomASharedCounterStillCounts(Algorithm algorithm) {
    limiter = new LocalLimiter(1, () -> NOW, 0, SHARDS);

    assertThat(allowed(Rules.match(Rules.countedBy(1, Rules.policy(algorithm, 25, DAY)))))
        .isEqualTo(25);
  }

  @Test
  void eachCombinationOfValuesHasACounterOfItsOwn() {
    Match match = Rules.match(Rules.countedBy(1, Rules.bucket(2, DAY, 2), "ip"));
    int allowed = 0;
    for (int client = 0; client < CLIENTS; client++) {
      Attributes attributes = Attributes.of(Map.of("ip", "10.0.0." + client % 3));
      allowed +=
          allowed(new Check("acme", "client-" + client, "key", attributes, 1), match) ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(6);
  }

  @Test
  void aLimitOfAClientThatBlocksLeavesTheSharedCounterUntouched() {
    Match match =
        Rules.match(
            Rules.enforcing(1, Rules.bucket(1, DAY, 1)),
            Rules.countedBy(2, Rules.bucket(100, DAY, 100)));
    for (int client = 0; client < CLIENTS; client++) {
      assertThat(allowed(of(0, client, 1), match)).isTrue();
      assertThat(allowed(of(0, client, 1), match)).isFalse();
    }
    assertThat(remaining(check(of(0, 0, 0), match).limits().get(1))).isEqualTo(100 - CLIENTS);
  }

  /** For some checks the client's shard is locked first, for others the tenant's. */
  @Test
  @Timeout(60)
  void concurrentChecksOfManyTenantsAreAllowedExactlyTheSharedLimit() throws Exception {
    assertThat(ordersOfShards()).containsExactlyInAnyOrder(-1, 0, 1);
    Match match =
        Rules.match(
            Rules.enforcing(1, Rules.bucket(40, DAY, 40)),
            Rules.countedBy(2, Rules.policy(Algorithm.FIXED_WINDOW, 1_000, DAY)));
    AtomicIntegerArray allowed = new AtomicIntegerArray(TENANTS);
    Threads.sum(THREADS, thread -> hammer(thread, match, allowed));
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      assertThat(allowed.get(tenant)).isEqualTo(1_000);
      assertThat(consumedByClients(tenant, match)).isEqualTo(1_000);
    }
  }

  private static Set<Integer> ordersOfShards() {
    Set<Integer> orders = new HashSet<>();
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      for (int client = 0; client < CLIENTS; client++) {
        Check check = of(tenant, client, 1);
        orders.add(
            Integer.compare(
                Math.floorMod(check.clientHash(), SHARDS),
                Math.floorMod(check.tenantHash(), SHARDS)));
      }
    }
    return orders;
  }

  /** One check of each client of each tenant, by each thread in another order. */
  private int hammer(int thread, Match match, AtomicIntegerArray allowed) {
    int checks = TENANTS * CLIENTS;
    for (int i = 0; i < checks; i++) {
      int tenant = (thread + i) % TENANTS;
      int client = (thread * 7 + i / TENANTS) % CLIENTS;
      if (allowed(of(tenant, client, 1), match)) {
        allowed.incrementAndGet(tenant);
      }
    }
    return checks;
  }

  private long consumedByClients(int tenant, Match match) {
    long consumed = 0;
    for (int client = 0; client < CLIENTS; client++) {
      consumed += 40 - remaining(check(of(tenant, client, 0), match).limits().getFirst());
    }
    return consumed;
  }
}
