package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.localstack.proxy.TcpProxy;
import io.ratelimiter.service.limiter.DegradedReason;
import io.ratelimiter.service.limiter.faults.FaultRun.Declared;
import io.ratelimiter.service.limiter.redis.CommandStats;
import io.ratelimiter.service.limiter.redis.RedisUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Faults of one Redis under 200 checks per second through a complete service; writes {@code
 * target/fault-report.md}.
 */
@LocalStack
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
class FaultReportIT {

  private final FaultReport report = new FaultReport();

  @AfterAll
  void write() throws IOException {
    report.write("fault-report.md");
  }

  /** Additional units of one key in fail mode local: a burst, and half a minute's rate. */
  private static long share(String failMode) {
    return failMode.equals("local") ? FaultRun.BURST + FaultRun.BURST / 2 : 0;
  }

  @ParameterizedTest
  @CsvSource({"open", "local", "closed"})
  void r1KilledAndRestartedEmpty(String failMode, PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(FaultRun.at(redis.port(), failMode))) {
      run.begin();
      long late = run.lateBound();
      redis.kill();
      run.goOn(4);
      run.storeLosesData();
      redis.start();
      run.end();
      report.verify(
          run, "R1 killed, " + failMode, new Declared(FaultRun.BURST + share(failMode), late), "");
      assertThat(run.degraded(DegradedReason.CIRCUIT_OPEN)).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"open", "local", "closed"})
  void r2PausedForTenSeconds(String failMode, PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(FaultRun.at(redis.port(), failMode))) {
      run.begin();
      long late = run.lateBound();
      redis.pause();
      run.goOn(10);
      redis.resume();
      run.end();
      report.verify(run, "R2 `SIGSTOP` 10 s, " + failMode, new Declared(share(failMode), late), "");
      assertThat(run.degraded(DegradedReason.CIRCUIT_OPEN)).isPositive();
    }
  }

  @Test
  void r2ClientPause(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(FaultRun.at(redis.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      redis.command("CLIENT", "PAUSE", "5000");
      run.goOn(5);
      run.end();
      report.verify(run, "R2 `CLIENT PAUSE` 5 s, open", new Declared(0, late), "");
    }
  }

  @Test
  void r3SlowByAHundredMilliseconds(PrivateServers servers) {
    TcpProxy proxy = servers.proxy(servers.redis().port());
    try (FaultRun run = new FaultRun(FaultRun.at(proxy.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      proxy.delayReplies(Duration.ofMillis(100), Duration.ofMillis(150), 1);
      run.goOn(10);
      proxy.resume();
      run.end();
      report.verify(run, "R3 +100–150 ms for 10 s, open", new Declared(0, late), "");
      assertThat(run.degraded(DegradedReason.CIRCUIT_OPEN)).isPositive();
    }
  }

  @Test
  void r4ConnectionCutInMidReply(PrivateServers servers) {
    TcpProxy proxy = servers.proxy(servers.redis().port());
    try (FaultRun run = new FaultRun(FaultRun.at(proxy.port(), "open"))) {
      run.cutsConnections();
      run.begin();
      for (int i = 0; i < 5; i++) {
        proxy.cutReplyAfter(3);
        run.goOn(2);
      }
      run.end();
      // Each cut leaves the commands in flight without a reply, charged or not.
      report.verify(run, "R4 cut in mid-reply 5 ×, open", new Declared(0, 5 * run.lateBound()), "");
    }
  }

  @Test
  void r5ScriptsFlushed(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(FaultRun.at(redis.port(), "open"))) {
      run.begin();
      redis.command("CONFIG", "RESETSTAT");
      for (int i = 0; i < 10; i++) {
        redis.command("SCRIPT", "FLUSH");
        run.goOn(1);
      }
      run.end();
      long evals = CommandStats.calls(redis, "eval");
      report.verify(run, "R5 `SCRIPT FLUSH` 10 ×, open", new Declared(0, 0), evals + " `EVAL`");
      assertThat(run.degraded(DegradedReason.STORE_ERROR, DegradedReason.CONNECTION)).isZero();
      // One per flush at least; at most five scripts and what was in flight.
      assertThat(evals).isBetween(10L, 100L);
    }
  }

  @Test
  void r6Full(PrivateServers servers) {
    RedisServer redis = servers.redis();
    try (FaultRun run = new FaultRun(FaultRun.at(redis.port(), "open"))) {
      run.begin();
      redis.command("CONFIG", "SET", "maxmemory", "1");
      run.goOn(4);
      redis.command("CONFIG", "SET", "maxmemory", "0");
      run.end();
      report.verify(run, "R6 full for 4 s, open", new Declared(0, 0), "");
      assertThat(run.degraded(DegradedReason.STORE_ERROR)).isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void r8ClockAnHourBackAndAhead(PrivateServers servers) {
    try (RedisUnderTest redis = new RedisUnderTest(servers.redis())) {
      ClockJumps.Worst worst = ClockJumps.worst(redis, 20, Duration.ofHours(1), 1);
      String remark =
          "ahead: excess %d (%d); back: longest wait + %d %% of the window (100); seed 1"
              .formatted(worst.ahead(), ClockJumps.LIMIT, worst.waitPercent());
      report.add(
          new FaultRow(
              "R8 clock ± 1 h", worst.checks(), 0, 0, 0, 0, worst.back(), 0, 0, 0, 0, 0, remark));
      assertThat(worst.back()).isZero();
      assertThat(worst.ahead()).isBetween(0L, (long) ClockJumps.LIMIT);
      assertThat(worst.waitPercent()).isBetween(0L, 100L);
    }
  }

  @Test
  void r9AnotherClientsEndlessScript(PrivateServers servers) {
    RedisServer redis = servers.redis(RedisServer.Options.DEFAULT.with("--lua-time-limit", "50"));
    try (FaultRun run = new FaultRun(FaultRun.at(redis.port(), "open"))) {
      run.begin();
      long late = run.lateBound();
      CompletableFuture<Void> endless =
          CompletableFuture.runAsync(
              // Not in the common pool, which the load's client needs and which may have one
              // thread.
              () -> redis.command("EVAL", "while true do end", "0"),
              task -> Thread.startVirtualThread(task));
      run.goOn(4);
      redis.command("SCRIPT", "KILL");
      run.end();
      report.verify(run, "R9 endless script for 4 s, open", new Declared(0, late), "");
      endless.handle((_, _) -> null).join();
    }
  }
}
