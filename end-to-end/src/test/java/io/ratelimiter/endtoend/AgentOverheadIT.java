package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.load.http.Measured;
import io.ratelimiter.load.http.OpenLoop;
import io.ratelimiter.localstack.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processor time and duration of a check, with and without the OpenTelemetry agent. */
@Tag("faults")
class AgentOverheadIT {

  private static final int RATE = 1_000;
  private static final int CONNECTIONS = 32;
  private static final Duration WARM_UP = Duration.ofSeconds(60);
  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final Checks CHECKS = new Checks(20_000);

  @TempDir private Path folder;

  @Test
  void tracingEveryCheckCostsLessThanThreeTimesTheProcessorTime() throws IOException {
    double without = run("without the agent");
    double with;
    try (Collector collector = new Collector()) {
      with = run("with the agent", "--trace", Integer.toString(collector.port()));
    }
    double away = run("with the agent and no collector", "--trace", String.valueOf(Ports.free()));
    double again = run("without the agent again");

    double base = (without + again) / 2;
    System.out.printf(
        "processor time for a check: with %.2f, collector away %.2f times that without%n",
        with / base, away / base);
    assertThat(with / base).isLessThan(3);
    assertThat(away / base).isLessThan(3);
  }

  /** Returns the processor time per check, microseconds. */
  private double run(String name, String... traced) throws IOException {
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
      load(product, WARM_UP);
      ProcessHandle limiter = product.server("limiter-service").getFirst();
      Duration before = limiter.info().totalCpuDuration().orElseThrow();
      Measured load = load(product, MEASURED);
      Duration cpu = limiter.info().totalCpuDuration().orElseThrow().minus(before);
      double micros = cpu.toNanos() / 1e3 / load.answered();
      System.out.printf("%s: %.0f µs of processor for a check, %s%n", name, micros, load);
      return micros;
    }
  }

  private static Measured load(Product product, Duration time) {
    OpenLoop.Load load = new OpenLoop.Load(product.port("PORT"), CONNECTIONS, CHECKS);
    return OpenLoop.run(load, RATE, time, _ -> {});
  }
}
