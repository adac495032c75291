package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent costs: processor time for a check and its duration, with it and without. */
@Tag("faults")
class AgentOverheadIT {

  private static final int CALLERS = 8;
  private static final Duration WARM_UP = Duration.ofSeconds(12);
  private static final Duration MEASURED = Duration.ofSeconds(10);

  @TempDir private Path folder;

  /** Of one run. */
  private record Cost(double cpuMicros, double perSecond, double p50Millis, double p99Millis) {

    String text() {
      return "%.0f µs of processor for a check, %.0f checks/s, p50 %.2f ms, p99 %.2f ms"
          .formatted(cpuMicros, perSecond, p50Millis, p99Millis);
    }
  }

  @Test
  void tracingEveryCheckCostsLessThanThreeTimesTheProcessorTime() throws Exception {
    Cost without = run("without the agent");
    Cost with;
    try (Collector collector = new Collector()) {
      with = run("with the agent", "--trace", Integer.toString(collector.port()));
    }
    Cost away = run("with the agent and no collector", "--trace", Integer.toString(Ports.free()));
    Cost again = run("without the agent again");

    double base = (without.cpuMicros() + again.cpuMicros()) / 2;
    System.out.printf(
        "processor time for a check: with %.2f, collector away %.2f times that without%n",
        with.cpuMicros() / base, away.cpuMicros() / base);
    assertThat(with.cpuMicros() / base).isLessThan(3);
    assertThat(away.cpuMicros() / base).isLessThan(3);
  }

  private Cost run(String name, String... traced) throws Exception {
    Product product = Product.in(Files.createDirectory(folder.resolve(name)));
    if (traced.length > 0) {
      product
          .withArguments(traced[0])
          .with("JAEGER_PORT", traced[1])
          .with("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    }
    try (product) {
      product.start();
      Caller caller = new Caller(product.port("PORT"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> caller.get("/health").body().contains("\"status\":\"healthy\""));
      load(caller, WARM_UP);
      ProcessHandle limiter = product.server("limiter-service").getFirst();
      Duration before = limiter.info().totalCpuDuration().orElseThrow();
      long[] nanos = load(caller, MEASURED);
      Duration cpu = limiter.info().totalCpuDuration().orElseThrow().minus(before);
      Cost cost =
          new Cost(
              cpu.toNanos() / 1e3 / nanos.length,
              nanos.length / (double) MEASURED.toSeconds(),
              nanos[nanos.length / 2] / 1e6,
              nanos[nanos.length * 99 / 100] / 1e6);
      System.out.println(name + ": " + cost.text());
      return cost;
    }
  }

  /** Checks one after the other by each caller; how long each took, sorted. */
  private static long[] load(Caller caller, Duration span) throws Exception {
    Instant end = Instant.now().plus(span);
    List<Callable<List<Long>>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      String client = "client-" + i;
      callers.add(() -> {
        List<Long> took = new ArrayList<>();
        while (Instant.now().isBefore(end)) {
          long began = System.nanoTime();
          caller.check(client);
          took.add(System.nanoTime() - began);
        }
        return took;
      });
    }
    List<Long> all = new ArrayList<>();
    try (var executor = Executors.newFixedThreadPool(CALLERS)) {
      for (var done : executor.invokeAll(callers)) {
        all.addAll(done.get());
      }
    }
    long[] sorted = all.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
