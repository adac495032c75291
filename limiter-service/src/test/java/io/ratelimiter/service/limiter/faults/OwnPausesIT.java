package io.ratelimiter.service.limiter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.LimiterProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limiter that is paused itself: its answers are late, but the store decides all of them. */
@LocalStack
class OwnPausesIT {

  private static final int CALLERS = 32;

  /** Longer than other work of the machine delays Redis. */
  private static final Duration TIMEOUT = Duration.ofMillis(250);

  private final AtomicInteger answered = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private ServiceCaller caller;

  @Test
  void pausesOpenNoBreakerAndDegradeNothing(PrivateServers servers, @TempDir Path folder) {
    try (LimiterProcess limiter = started(servers.redis(), folder)) {
      for (int i = 0; i < 6; i++) {
        limiter.pauseFor(Duration.ofMillis(400));
        awaitAnswers(300);
      }
      // As under a CPU quota: running for 40 ms of every 100.
      for (int i = 0; i < 20; i++) {
        limiter.pauseFor(Duration.ofMillis(60));
        awaitAnswers(20);
      }

      assertNothingDegraded();
    } finally {
      over.set(true);
    }
  }

  /** Needs the permission to create a control group. */
  @Test
  @Tag("faults")
  void aCpuQuotaOpensNoBreakerAndDegradesNothing(PrivateServers servers, @TempDir Path folder)
      throws IOException {
    try (LimiterProcess limiter = started(servers.redis(), folder)) {
      try (CpuQuota quota = new CpuQuota(limiter.pid(), 30)) {
        awaitAnswers(5_000);
      }
      assertNothingDegraded();
    } finally {
      over.set(true);
    }
  }

  /** Under load, after a warm-up, since the first answers are slow without any pause. */
  private LimiterProcess started(RedisServer redis, Path folder) {
    Map<String, String> environment =
        Map.of(
            "REDIS_PORT",
            Integer.toString(redis.port()),
            "REDIS_TIMEOUT_MS",
            Long.toString(TIMEOUT.toMillis()));
    LimiterProcess limiter = new LimiterProcess(folder, environment).awaitReady();
    caller = new ServiceCaller(limiter.url());
    load();
    awaitAnswers(3_000);
    wrong.clear();
    return limiter;
  }

  private void assertNothingDegraded() {
    String metrics = caller.get("/metrics");
    assertThat(wrong)
        .as(() -> metrics.lines().filter(line -> line.matches(".*_(errors|lag).*")).toList() + "")
        .isEmpty();
    assertThat(metrics).contains("ratelimiter_circuit_breaker_state 0.0");
    String lag = "ratelimiter_event_loop_lag_seconds_max ";
    assertThat(metrics.lines().filter(line -> line.startsWith(lag)))
        .singleElement()
        .satisfies(line ->
            assertThat(Double.parseDouble(line.substring(lag.length()))).isGreaterThan(0.02));
  }

  private void load() {
    for (int i = 0; i < CALLERS; i++) {
      call("client-" + i);
    }
  }

  private void call(String client) {
    CompletableFuture<HttpResponse<String>> answer = caller.send("default", client);
    var _ =
        answer.whenComplete((response, failure) -> {
          answered.incrementAndGet();
          if (failure != null || !response.body().contains("\"degraded\":false")) {
            wrong.add(failure != null ? failure.toString() : response.body());
          }
          if (!over.get()) {
            call(client);
          }
        });
  }

  private void awaitAnswers(int more) {
    int until = answered.get() + more;
    Awaitility.await("answers").atMost(Duration.ofSeconds(60)).until(() -> answered.get() >= until);
  }
}
