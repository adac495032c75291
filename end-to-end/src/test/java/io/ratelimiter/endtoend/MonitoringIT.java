package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratelimiter.endtoend.Dashboards.Query;
import io.ratelimiter.endtoend.Prometheus.Sample;
import io.ratelimiter.endtoend.SteadyLoad.Answered;
import io.ratelimiter.localstack.junit.SystemPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus with the whole product under healthy load. The first test takes a minute. */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir static Path folder;

  private static MonitoredProduct monitored;

  @BeforeAll
  static void start() {
    monitored = MonitoredProduct.in(folder);
  }

  @AfterAll
  static void stop() {
    monitored.close();
  }

  @Test
  @Order(1)
  void theDocumentedQueriesAgreeWithTheClientsCounts() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Instant.now().isAfter(monitored.since().plus(MINUTE).plusSeconds(20)));
    Instant now = Instant.now();
    List<Answered> minute = monitored.load().between(now.minus(MINUTE), now);
    double allowed = minute.stream().filter(Answered::allowed).count();
    double blocked = minute.size() - allowed;
    // Allows for one scrape more or less at both ends of the minute.
    double scrape = 2.0 * minute.size() * Prometheus.SCRAPE.toMillis() / MINUTE.toMillis();

    double allowedRate =
        monitored.prometheus().number("sum(rate(ratelimiter_allowed_total[1m]))", now);
    double blockRate =
        monitored
            .prometheus()
            .number(
                "sum(rate(ratelimiter_blocked_total[1m])) / (sum(rate(ratelimiter_allowed_total[1m]))"
                    + " + sum(rate(ratelimiter_blocked_total[1m]))) * 100",
                now);
    double p95 =
        monitored
            .prometheus()
            .number(
                "histogram_quantile(0.95, rate(ratelimiter_check_duration_seconds_bucket[1m]))",
                now);

    System.out.printf(
        "client: %.0f allowed, %.0f blocked, p95 %s; Prometheus: %.1f allowed, %.2f %% blocked,"
            + " p95 %.2f ms%n",
        allowed, blocked, SteadyLoad.took(minute, 0.95), allowedRate * 60, blockRate, p95 * 1e3);
    assertThat(allowedRate * MINUTE.toSeconds()).isCloseTo(allowed, within(scrape));
    assertThat(blockRate / 100 * minute.size()).isCloseTo(blocked, within(scrape));
    // The client's time includes the network; p95 is exact to the width of a histogram bucket.
    assertThat(p95).isPositive().isLessThan(SteadyLoad.took(minute, 0.97).toNanos() / 1e9 * 1.6);
  }

  @Test
  @Order(2)
  void everyPanelOfEveryDashboardHasData() throws IOException {
    monitored.database().execute(Files.readString(Path.of("../deploy/grafana/postgres-login.sql")));
    Instant now = Instant.now();
    Set<String> empty = new TreeSet<>();
    for (Query query : Dashboards.queries(now.minus(Duration.ofHours(1)), now)) {
      boolean hasData =
          query.source().equals("prometheus")
              ? monitored.prometheus().query(query.text()).stream()
                  .anyMatch(one -> !Double.isNaN(one.value()))
              : monitored.database().answersGrafana(query.text());
      if (!hasData) {
        empty.add(query.panel() + " (" + query.text() + ")");
      }
    }
    assertThat(empty).isEmpty();
  }

  @Test
  @Order(2)
  void promtoolAcceptsEveryMetric() throws Exception {
    for (Caller service : List.of(monitored.caller(), monitored.auditor())) {
      Path metrics = Files.writeString(folder.resolve("metrics"), service.get("/metrics").body());
      Path output = folder.resolve("promtool.out");
      int exit =
          SystemPrograms.run(
              output,
              MINUTE,
              List.of("sh", "-c", "exec promtool check metrics < '" + metrics + "'"));
      assertThat(exit).as(SystemPrograms.text(output)).isZero();
    }
  }

  @Test
  @Order(3)
  void noAlertFiredUnderHealthyLoad() {
    assertThat(monitored.prometheus().query("max_over_time(ALERTS{alertstate=\"firing\"}[1m])"))
        .extracting((Sample alert) -> alert.labels())
        .isEmpty();
  }
}
