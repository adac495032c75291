package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;

/** The product under a steady, partly blocked load, with a real Prometheus. */
record MonitoredProduct(
    Product product, Database database, SteadyLoad load, Prometheus prometheus, Instant since)
    implements AutoCloseable {

  static MonitoredProduct in(Path folder) {
    Product product = Product.in(folder).with("SPOOL_MAX_BYTES", "8388608").start();
    Database database = new Database(product.port("LOCAL_POSTGRES_PORT"));
    SteadyLoad load = load(product, database);
    Prometheus prometheus = Prometheus.start(folder.resolve("prometheus"), product);
    return new MonitoredProduct(product, database, load, prometheus, Instant.now());
  }

  private static SteadyLoad load(Product product, Database database) {
    database.execute(
        "insert into limiter.rate_limit_rules"
            + " (tenant, name, client_id, rate, window_seconds, fail_mode)"
            + " values ('default', 'strict', 'strict', 1000, 60, 'closed')");
    Caller caller = new Caller(product.port("PORT"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            caller.get("/health").body().contains("\"status\":\"healthy\"")
                && caller.get("/rules").body().contains("\"strict\""));
    // api_client is blocked in 29 of 30 checks, the others never.
    SteadyLoad load =
        new SteadyLoad(caller).add("api_client", 10).add("premium_client", 3).add("strict", 5);
    for (int i = 0; i < 30; i++) {
      load.add("client-" + i, 1);
    }
    // Its first 20 checks are allowed: Prometheus must not see the change as a jump.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> load.between(Instant.EPOCH, Instant.now()).stream().anyMatch(s -> !s.allowed()));
    return load;
  }

  Caller caller() {
    return new Caller(product.port("PORT"));
  }

  Caller auditor() {
    return new Caller(product.port("AUDITOR_PORT"));
  }

  void awaitFiring(String... alerts) {
    Awaitility.await(String.join(", ", alerts))
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(prometheus.firing()).contains(alerts));
  }

  void awaitSilence() {
    Awaitility.await("silence")
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> assertThat(prometheus.firing()).isEmpty());
  }

  @Override
  public void close() {
    load.close();
    prometheus.close();
    product.close();
  }
}
