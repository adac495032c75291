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
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

/** Thousands of hostile callers, and a million clients, on a process with the image's heap. */
@Tag("faults")
@LocalStack
class ManyCallersIT {

  /** 36 % of 640 MiB, as in the image. */
  private static final String IMAGE_HEAP = "-Xmx230m";

  private static final int CONNECTIONS = 12_000;
  private static final int HEALTHY = 100;
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
  void healthyCallersAreAnsweredBesideTwelveThousandHostileConnections() throws Exception {
    start(IMAGE_HEAP);
    List<RawCaller> hostile = new ArrayList<>();
    List<Long> nanos = new ArrayList<>();
    try (HealthyCallers healthy = new HealthyCallers(http, HEALTHY)) {
      for (int i = 0; i < CONNECTIONS; i++) {
        RawCaller caller = new RawCaller(limiter.url());
        hostile.add(caller);
        send(caller, opening(i % 6));
      }
      healthy.await(HEALTHY * 20);
      nanos.addAll(healthy.nanos());
    } finally {
      for (RawCaller caller : hostile) {
        caller.close();
      }
    }
    Collections.sort(nanos);
    System.out.printf(
        "FIGURE %d healthy answers beside %d hostile connections: p50 %d ms, p99 %d ms, heap %d MB after"
            + " collections%n",
        nanos.size(),
        CONNECTIONS,
        nanos.get(nanos.size() / 2) / 1_000_000,
        nanos.get(nanos.size() * 99 / 100) / 1_000_000,
        heapMegabytes());
    assertThat(limiter.output()).doesNotContain("OutOfMemory");
    answered();
  }

  /** The service may have cut it off already. */
  private static void send(RawCaller caller, String text) {
    try {
      caller.send(text);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?s).*(reset|pipe|closed|aborted).*");
    }
  }

  @Test
  void chunkedRequestsWithOthersBehindThemLeaveNothingInTheHeap() throws Exception {
    start(IMAGE_HEAP);
    String start = "{\"client_id\":\"behind\"";
    String chunk = "1130\r\n" + " ".repeat(0x1130 - start.length()) + start + "\r\n";
    for (int round = 0; round < 200; round++) {
      try (RawCaller raw = new RawCaller(limiter.url())) {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 100; i++) {
          requests
              .append("POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n")
              .append(i == 99 ? "Connection: close\r\n" : "")
              .append("Transfer-Encoding: chunked\r\n\r\n")
              .append(chunk)
              .append("1\r\n}\r\n0\r\n\r\n");
        }
        String answers = raw.send(requests.toString()).readToEnd(LIMIT);
        assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(101);
      }
    }
    System.out.printf(
        "FIGURE 20000 chunked requests, heap %d MB after collections%n", heapMegabytes());
    assertThat(heapMegabytes()).isLessThan(150);
  }

  @Test
  void aMillionClientsLeaveNothingInTheHeap() throws Exception {
    start(IMAGE_HEAP);
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
    String batch = "POST /v1/check/batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    return switch (kind) {
      case 0 -> "";
      case 1 -> head + "X: y\r\n".repeat(90);
      case 2 -> head + "X: " + "y".repeat(8_000);
      case 3 -> head + "Content-Length: 8000\r\n\r\n" + " ".repeat(7_999);
      case 4 -> head + "Content-Length: 1000000000\r\n\r\n" + " ".repeat(1_000);
      default -> batch + "Content-Length: 262144\r\n\r\n" + " ".repeat(200_000);
    };
  }

  /** Max heap after a collection, MiB. */
  private long heapMegabytes() {
    Matcher sizes = AFTER_COLLECTION.matcher(limiter.output());
    long max = 0;
    while (sizes.find()) {
      max = Math.max(max, Long.parseLong(sizes.group(1)));
    }
    return max;
  }
}
