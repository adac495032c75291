package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisSentinel;
import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.proxy.TcpProxy;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.StoreKey;
import io.ratelimiter.service.limiter.faults.FaultRun.Declared;
import io.ratelimiter.service.limiter.proof.Report;
import io.ratelimiter.service.limiter.redis.RedisUnderTest;
import io.ratelimiter.service.rules.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every fault of the store under 200 checks a second through a whole service, and what it did:
 * {@code target/fault-report.md}.
 */
@LocalStack
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class FaultReportIT {

  /** What one key may get once more when the store loses its data: a burst. */
  private static final long BURST = 20;

  private static final Duration RETURNS_WITHIN = Duration.ofSeconds(3);

  private final List<FaultRow> rows = new ArrayList<>();

  @AfterAll
  void write() throws IOException {
    String table = FaultRow.table(rows);
    Files.writeString(Files.createDirectories(Path.of("target")).resolve("fault-report.md"), table);
    System.out.println(table);
  }

  private static Map<String, String> at(int port, String failMode) {
    return Map.of("REDIS_PORT", Integer.toString(port), "FAIL_MODE", failMode);
  }

  /** What must hold whatever the fault. */
  private void tell(FaultRun run, String fault, Declared declared, String remark) {
    FaultRow row = run.row(fault, declared, remark);
    rows.add(row);
    System.out.println(row.line());
    List<Report> reports = run.judge();
    assertThat(row.unanswered()).as("unanswered").isZero();
    assertThat(run.untold()).as("answered but not told").isZero();
    if (!fault.contains("closed")) {
      assertThat(row.serverErrors()).as("5xx").isZero();
    }
    assertThat(row.p99Millis())
        .as("p99, ms; the machine paused for up to %d ms", row.pausedMillis())
        .isLessThanOrEqualTo(FaultRun.TIMEOUT.toMillis() + 50);
    assertThat(row.excess()).as("excess").isLessThanOrEqualTo(declared.excess());
    assertThat(row.late()).as("late charges").isBetween(0L, row.lateBound());
    assertThat(row.recoveredMillis()).as("recovered").isLessThan(RETURNS_WITHIN.toMillis());
    assertThat(run.threadsMore()).as("more threads").isLessThan(20);
    assertThat(reports).allSatisfy(report -> assertThat(report.holds()).as(report.text()).isTrue());
  }

  /**
   * In local mode the one instance's share comes on top: a burst, and its rate for half a minute.
   */
  private static long share(String failMode) {
    return failMode.equals("local") ? BURST + BURST / 2 : 0;
  }

  @ParameterizedTest
  @CsvSource({"open", "local", "closed"})
  void r1KilledAndRestartedEmpty(String failMode, PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(at(redis.port(), failMode))) {
      run.begin();
      long late = run.lateBound();
      redis.kill();
      run.goOn(4);
      run.lifeEnds();
      redis.start();
      run.end();
      tell(run, "R1 killed, " + failMode, new Declared(BURST + share(failMode), late), "");
      assertThat(run.degraded(DegradedReason.CIRCUIT_OPEN)).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"open", "local", "closed"})
  void r2PausedForTenSeconds(String failMode, PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(at(redis.port(), failMode))) {
      run.begin();
      long late = run.lateBound();
      redis.pause();
      run.goOn(10);
      redis.resume();
      run.end();
      tell(run, "R2 `SIGSTOP` 10 s, " + failMode, new Declared(share(failMode), late), "");
      assertThat(run.degraded(DegradedReason.CIRCUIT_OPEN)).isPositive();
    }
  }

  @Test
  void r2ClientPause(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(at(redis.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      redis.command("CLIENT", "PAUSE", "5000");
      run.goOn(5);
      run.end();
      tell(run, "R2 `CLIENT PAUSE` 5 s, open", new Declared(0, late), "");
    }
  }

  @Test
  void r3SlowByAHundredMilliseconds(PrivateServers servers) {
    TcpProxy proxy = servers.proxy(servers.redis().port());
    try (FaultRun run = new FaultRun(at(proxy.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      proxy.delayReplies(Duration.ofMillis(100), Duration.ofMillis(150), 1);
      run.goOn(10);
      proxy.resume();
      run.end();
      tell(run, "R3 +100–150 ms for 10 s, open", new Declared(0, late), "");
      assertThat(run.degraded(DegradedReason.CIRCUIT_OPEN)).isPositive();
    }
  }

  @Test
  void r4ConnectionCutInMidReply(PrivateServers servers) {
    TcpProxy proxy = servers.proxy(servers.redis().port());
    try (FaultRun run = new FaultRun(at(proxy.port(), "open"))) {
      run.cutsConnections();
      run.begin();
      for (int i = 0; i < 5; i++) {
        proxy.cutReplyAfter(3);
        run.goOn(2);
      }
      run.end();
      // Those without a reply, charged or not; what was refused for want of a connection is more.
      tell(run, "R4 cut in mid-reply 5 ×, open", new Declared(0, 5 * run.lateBound()), "");
    }
  }

  @Test
  void r5ScriptsFlushed(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(at(redis.port(), "open"))) {
      run.begin();
      redis.command("CONFIG", "RESETSTAT");
      for (int i = 0; i < 10; i++) {
        redis.command("SCRIPT", "FLUSH");
        run.goOn(1);
      }
      run.end();
      long sentWhole = calls(redis, "eval");
      tell(run, "R5 `SCRIPT FLUSH` 10 ×, open", new Declared(0, 0), sentWhole + " `EVAL`");
      assertThat(run.degraded(DegradedReason.STORE_ERROR, DegradedReason.CONNECTION)).isZero();
      // Five scripts, and what was under way when one was sent.
      assertThat(sentWhole).isBetween(10L, 100L);
    }
  }

  private static long calls(RedisServer redis, String command) {
    return redis
        .command("INFO", "commandstats")
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
        .sum();
  }

  @Test
  void r6Full(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(at(redis.port(), "open"))) {
      run.begin();
      redis.command("CONFIG", "SET", "maxmemory", "1");
      run.goOn(4);
      redis.command("CONFIG", "SET", "maxmemory", "0");
      run.end();
      tell(run, "R6 full for 4 s, open", new Declared(0, 0), "");
      assertThat(run.degraded(DegradedReason.STORE_ERROR)).isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void r7ReadonlyUntilPromoted(PrivateServers servers) {
    RedisServer redis = servers.redis();
    RedisServer other =
        servers.redis(RedisServer.Options.DEFAULT.with("--repl-diskless-sync", "no"));
    try (FaultRun run = new FaultRun(at(redis.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      redis.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
      run.goOn(4);
      // A replica of an empty primary has nothing.
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> redis.command("INFO", "replication").contains("master_link_status:up"));
      run.lifeEnds();
      redis.command("REPLICAOF", "NO", "ONE");
      run.end();
      tell(run, "R7 `READONLY` for 4 s, open", new Declared(BURST, late), "");
      assertThat(run.degraded(DegradedReason.STORE_ERROR)).isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void r7FailedOverBySentinel(PrivateServers servers) {
    RedisServer primary = servers.redis();
    RedisServer replica =
        servers.redis(
            RedisServer.Options.DEFAULT.with(
                "--replicaof", "127.0.0.1 " + primary.port(), "--repl-diskless-sync", "no"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> replica.command("INFO", "replication").contains("master_link_status:up"));
    RedisSentinel sentinel = servers.sentinel(new RedisSentinel.Options("limits", primary, ""));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sentinel.replicasInStep() == 1);
    Map<String, String> environment = new HashMap<>(at(primary.port(), "open"));
    environment.put("REDIS_URL", "redis-sentinel://127.0.0.1:" + sentinel.port() + "/0#limits");
    try (FaultRun run = new FaultRun(environment)) {
      // What the replica had not seen is lost: nobody knows of which client.
      run.loses(_ -> true);
      run.begin();
      long late = run.lateBound();
      primary.kill();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> replica.command("ROLE").startsWith("master"));
      run.end();
      tellOfLoss(run, "R7 failover by Sentinel, open", new Declared(BURST, late));
    }
  }

  /** Where every key may have lost something, there is nothing for bounds and witness to judge. */
  private void tellOfLoss(FaultRun run, String fault, Declared declared) {
    FaultRow row = run.row(fault, declared, "");
    rows.add(row);
    System.out.println(row.line());
    assertThat(row.unanswered() + run.untold() + row.serverErrors()).isZero();
    assertThat(row.p99Millis()).isLessThanOrEqualTo(FaultRun.TIMEOUT.toMillis() + 50);
    assertThat(row.excess()).isLessThanOrEqualTo(declared.excess());
    assertThat(row.recoveredMillis()).isLessThan(RETURNS_WITHIN.toMillis());
  }

  @Test
  void r7ClusterWithSlotsMovedAndANodeLost(PrivateServers servers) {
    RedisCluster cluster = new RedisCluster(servers);
    RedisServer lost = cluster.node(1);
    Predicate<String> ofLost = client -> cluster.owner(slot(cluster, client)) == lost;
    Map<String, String> environment = new HashMap<>(at(1, "open"));
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
      run.loses(client -> lostClients.getOrDefault(client, false));
      lost.kill();
      run.goOn(4);
      lost.start();
      run.end();
      String others =
          "%d degraded while slots moved, %d of clients of the other nodes"
              .formatted(untilLost, run.degradedOf(client -> !lostClients.get(client)));
      tell(
          run,
          "R7 cluster, slots moved, a node lost for 4 s, open",
          new Declared(BURST, late),
          others);
      assertThat(refused).as("refused while slots moved").isZero();
    }
  }

  private static int slot(RedisCluster cluster, String client) {
    String tenant = client.startsWith("client-") ? SteadyLoad.WIDE : client.substring(0, 2);
    return cluster.slot(StoreKey.prefix(new Check(tenant, client, "global", 1)));
  }

  @Test
  void r8ClockAnHourBackAndAhead(PrivateServers servers) {
    int checks = 0;
    long back = 0;
    long ahead = 0;
    long wait = 0;
    long seed = 1;
    Random random = new Random(seed);
    try (RedisUnderTest redis = new RedisUnderTest(servers.redis())) {
      for (Algorithm algorithm : Algorithm.values()) {
        for (int seconds : new int[] {60, 7_200}) {
          ClockJumps jumps = new ClockJumps(redis, algorithm, seconds);
          long window = seconds * 1_000_000L;
          for (int run = 0; run < 20; run++) {
            long phase = random.nextLong(window);
            long after = window + random.nextLong(window);
            ClockJumps.Got without = jumps.play(phase, after, 0);
            ClockJumps.Got gone = jumps.play(phase, after, -3_600_000_000L);
            ClockJumps.Got come = jumps.play(phase, after, 3_600_000_000L);
            back = Math.max(back, gone.most() - jumps.most());
            ahead = Math.max(ahead, come.most() - jumps.most());
            wait = Math.max(wait, 100 * (gone.longestMicros() - without.longestMicros()) / window);
          }
          checks += jumps.checks();
        }
      }
    }
    String remark =
        "ahead: excess %d (%d); back: longest wait + %d %% of the window (100); seed %d"
            .formatted(ahead, ClockJumps.LIMIT, wait, seed);
    rows.add(new FaultRow("R8 clock ± 1 h", checks, 0, 0, 0, 0, back, 0, 0, 0, 0, 0, remark));
    assertThat(back).isZero();
    assertThat(ahead).isBetween(0L, (long) ClockJumps.LIMIT);
    assertThat(wait).isBetween(0L, 100L);
  }

  @Test
  void r9AnotherClientsEndlessScript(PrivateServers servers) {
    RedisServer redis = servers.redis(RedisServer.Options.DEFAULT.with("--lua-time-limit", "50"));
    try (FaultRun run = new FaultRun(at(redis.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      CompletableFuture<Void> endless =
          CompletableFuture.runAsync(
              // Not in the common pool, which the load's client needs and which may be one thread.
              () -> redis.command("EVAL", "while true do end", "0"),
              task -> Thread.startVirtualThread(task));
      run.goOn(4);
      redis.command("SCRIPT", "KILL");
      run.end();
      tell(run, "R9 endless script for 4 s, open", new Declared(0, late), "");
      endless.handle((_, _) -> null).join();
    }
  }
}
