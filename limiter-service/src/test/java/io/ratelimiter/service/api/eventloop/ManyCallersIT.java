package io.ratelimiter.service.api.eventloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.RedisServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.LimiterProcess;
import io.ratelimiter.service.api.contract.HttpCaller;
import io.ratelimiter.service.api.contract.RawCaller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand bad callers at once, and a million clients, on a process with a bounded heap. */
@Tag("faults")
@LocalStack
class ManyCallersIT {

  private static final int CONNECTIONS = 10_000;
  private static final int CLIENTS = 1_000_000;
  private static final int BATCH = 100;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern AFTER_COLLECTION = Pattern.compile("->(\\d+)M\\(");

  @TempDir private Path folder;

  private final RedisServer redis;
  private LimiterProcess limiter;
  private HttpCaller http;

  ManyCallersIT(RedisServer redis) {
    this.redis = redis;
  }

  @BeforeEach
  void start() {
    redis.command("flushall");
  }

  @AfterEach
  void stop() {
    limiter.close();
    redis.command("flushall");
  }

  private void start(String maxHeap) {
    limiter =
        new LimiterProcess(
                folder,
                Map.of("REDIS_PORT", Integer.toString(redis.port()), "REDIS_TIMEOUT_MS", "2000"),
                maxHeap,
                "-Xlog:gc")
            .awaitReady();
    http = new HttpCaller(limiter.url());
  }

  @Test
  void ten_thousand_bad_callers_are_shed_and_healthy_ones_answered() throws Exception {
    start("-Xmx1g");
    List<RawCaller> callers = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        RawCaller caller = new RawCaller(limiter.url());
        callers.add(caller);
        caller.send(opening(i % 4));
        if (i % 100 == 0) {
          answered();
        }
      }
      for (int i = 0; i < 300; i++) {
        answered();
      }
      Map<String, Integer> shed = new TreeMap<>();
      for (RawCaller caller : callers) {
        shed.merge(status(caller), 1, Integer::sum);
      }
      System.out.printf("FIGURE shed %s, heap %d MB after collections%n", shed, heapMegabytes());
      assertThat(shed).containsOnlyKeys("", "400", "408", "413");
      assertThat(shed.get("413")).isEqualTo(CONNECTIONS / 4);
      assertThat(shed.get("400")).isEqualTo(CONNECTIONS / 4);
      answered();
      // What a process with this maximum must never reach; a connection costs up to 80 KB.
      assertThat(heapMegabytes()).isLessThan(900);
    } finally {
      for (RawCaller caller : callers) {
        caller.close();
      }
    }
  }

  @Test
  void a_million_clients_leave_nothing_behind_in_the_heap() throws Exception {
    start("-Xmx256m");
    try (ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Void>> all =
          IntStream.range(0, CLIENTS / BATCH)
              .mapToObj(batch -> CompletableFuture.runAsync(() -> batch(batch * BATCH), callers))
              .toList();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }
    System.out.printf(
        "FIGURE clients %d, heap %d MB after collections%n", CLIENTS, heapMegabytes());
    String metrics = http.get("/metrics").text();
    assertThat(metrics).doesNotContain("distinct-");
    assertThat(allowed(metrics)).isEqualTo(CLIENTS);
    assertThat(heapMegabytes()).isLessThan(200);
  }

  private static double allowed(String metrics) {
    return metrics
        .lines()
        .filter(line -> line.startsWith("ratelimiter_allowed_total{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private void batch(int from) {
    String checks =
        IntStream.range(from, from + BATCH)
            .mapToObj("{\"client_id\":\"distinct-%d\"}"::formatted)
            .collect(Collectors.joining(","));
    assertThat(http.post("/v1/check/batch", "{\"checks\":[" + checks + "]}").status())
        .isEqualTo(200);
  }

  private void answered() {
    assertThat(http.check("{\"client_id\":\"healthy\",\"cost\":0}").status()).isEqualTo(200);
  }

  private static String opening(int kind) {
    String head = "POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    String deep = "{\"x\":" + "[".repeat(500) + "]".repeat(500) + "}";
    return switch (kind) {
      case 0 -> "POST /v1/check HTTP/1.1\r\nHo";
      case 1 -> head + "Content-Length: 100\r\n\r\n{\"client_id\":";
      case 2 -> head + "Content-Length: 1000000000\r\n\r\n" + " ".repeat(1_000);
      default -> head + "Connection: close\r\nContent-Length: " + deep.length() + "\r\n\r\n" + deep;
    };
  }

  /** How a caller was sent away; empty where the head never came whole and nobody can be told. */
  private static String status(RawCaller caller) throws IOException {
    String answer = caller.readToEnd(LIMIT);
    return answer.isEmpty() ? "" : answer.substring(9, 12);
  }

  /** The most that a collection has left. */
  private long heapMegabytes() {
    Matcher sizes = AFTER_COLLECTION.matcher(limiter.said());
    long most = 0;
    while (sizes.find()) {
      most = Math.max(most, Long.parseLong(sizes.group(1)));
    }
    return most;
  }
}
