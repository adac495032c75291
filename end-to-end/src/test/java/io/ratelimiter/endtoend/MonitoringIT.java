package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ratelimiter.endtoend.Dashboards.Query;
import io.ratelimiter.endtoend.Prometheus.Sample;
import io.ratelimiter.endtoend.SteadyLoad.Seen;
import io.ratelimiter.localstack.RedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

/**
 * A real Prometheus on the whole product: first under healthy load, then with one fault after the
 * other. The servers that are killed are not started again, so the order is the script.
 */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringIT {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir static Path folder;

  private static Product product;
  private static Database database;
  private static Prometheus prometheus;
  private static SteadyLoad load;
  private static Instant healthySince;

  @BeforeAll
  static void start() {
    product = Product.in(folder).with("SPOOL_MAX_BYTES", "8388608").start();
    database = new Database(product.port("LOCAL_POSTGRES_PORT"));
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
    // Blocked in 29 of 30 checks; and the others never.
    load = new SteadyLoad(caller).add("api_client", 10).add("premium_client", 3).add("strict", 5);
    for (int i = 0; i < 30; i++) {
      load.add("client-" + i, 1);
    }
    // Its first twenty are allowed: Prometheus must not see that as a rule that begins to block.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> load.between(Instant.EPOCH, Instant.now()).stream().anyMatch(s -> !s.allowed()));
    prometheus = Prometheus.start(folder.resolve("prometheus"), product);
    healthySince = Instant.now();
  }

  @AfterAll
  static void stop() {
    load.close();
    prometheus.close();
    product.close();
  }

  @Test
  @Order(1)
  void thePromisedQueriesAgreeWithWhatTheClientCounted() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Instant.now().isAfter(healthySince.plus(MINUTE).plusSeconds(20)));
    Instant now = Instant.now();
    List<Seen> minute = load.between(now.minus(MINUTE), now);
    double allowed = minute.stream().filter(Seen::allowed).count();
    double blocked = minute.size() - allowed;
    // A scrape more or less at either end of the minute.
    double scrape = 2.0 * minute.size() * Prometheus.SCRAPE.toMillis() / MINUTE.toMillis();

    double allowedRate = prometheus.number("sum(rate(ratelimiter_allowed_total[1m]))", now);
    double blockRate =
        prometheus.number(
            "sum(rate(ratelimiter_blocked_total[1m])) / (sum(rate(ratelimiter_allowed_total[1m]))"
                + " + sum(rate(ratelimiter_blocked_total[1m]))) * 100",
            now);
    double p95 =
        prometheus.number(
            "histogram_quantile(0.95, rate(ratelimiter_check_duration_seconds_bucket[1m]))", now);

    System.out.printf(
        "client: %.0f allowed, %.0f blocked, p95 %s; Prometheus: %.1f allowed, %.2f %% blocked,"
            + " p95 %.2f ms%n",
        allowed, blocked, SteadyLoad.took(minute, 0.95), allowedRate * 60, blockRate, p95 * 1e3);
    assertThat(allowedRate * MINUTE.toSeconds()).isCloseTo(allowed, within(scrape));
    assertThat(blockRate / 100 * minute.size()).isCloseTo(blocked, within(scrape));
    // The client's time has the way to the service in it; a bucket's width is how exact p95 is.
    assertThat(p95).isPositive().isLessThan(SteadyLoad.took(minute, 0.97).toNanos() / 1e9 * 1.6);
  }

  @Test
  @Order(2)
  void everyPanelOfEveryDashboardHasData() throws IOException {
    database.execute(Files.readString(Path.of("../deploy/grafana/postgres-login.sql")));
    Instant now = Instant.now();
    Set<String> empty = new TreeSet<>();
    for (Query query : Dashboards.queries(now.minus(Duration.ofHours(1)), now)) {
      boolean hasData =
          query.source().equals("prometheus")
              ? prometheus.ask(query.text()).stream().anyMatch(one -> !Double.isNaN(one.value()))
              : database.answersGrafana(query.text());
      if (!hasData) {
        empty.add(query.panel() + " (" + query.text() + ")");
      }
    }
    assertThat(empty).isEmpty();
  }

  @Test
  @Order(3)
  void noAlertFiredUnderHealthyLoad() {
    assertThat(prometheus.ask("max_over_time(ALERTS{alertstate=\"firing\"}[1m])"))
        .extracting((Sample alert) -> alert.labels())
        .isEmpty();
  }

  @Test
  @Order(4)
  void aClientThatRunsIntoItsLimitIsABlockRateJump() {
    try (SteadyLoad hasty =
        new SteadyLoad(new Caller(product.port("PORT"))).add("premium_client", 100)) {
      awaitFiring("BlockRateJump");
      assertThat(prometheus.ask("ALERTS{alertname=\"BlockRateJump\",alertstate=\"firing\"}"))
          .extracting((Sample alert) -> alert.labels().get("rule"))
          .containsExactly("premium_client");
    }
    awaitSilence();
  }

  @Test
  @Order(5)
  void aFloodOfRecordsThatCannotBeReadAndNumbersThatNeverCome() {
    new Forger(product.port("LOCAL_KAFKA_PORT")).settleWhatWasNeverSent(5).sendGarbage(100_000);

    awaitFiring("DecisionsLost", "DeadLetters", "AuditorLagging");

    assertThat(
            product
                .log("stream-auditor")
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
        .isNotEmpty()
        .hasSizeLessThan(200);
    awaitSilence();
  }

  @Test
  @Order(6)
  void aSlowStoreIsSlowChecks() {
    try (RedisConnection redis = RedisConnection.to(product.port("LOCAL_REDIS_PORT"))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(900))
          .until(() -> {
            redis.call("CLIENT", "PAUSE", "850", "ALL");
            return prometheus.firing().containsAll(List.of("ChecksSlow", "RedisSlow"));
          });
    }
    awaitSilence();
  }

  @Test
  @Order(7)
  void anInvalidRuleSetIsRefused() {
    database.execute(
        "alter table limiter.rate_limit_rules drop constraint rate_is_1_to_1000000000");
    database.execute("update limiter.rate_limit_rules set rate = 0 where name = 'strict'");

    awaitFiring("RulesRefused");

    database.execute("update limiter.rate_limit_rules set rate = 1000 where name = 'strict'");
    awaitSilence();
  }

  @Test
  @Order(8)
  void withoutPostgresTheRulesAgeAndTheTablesStand() {
    product.killServer("postgres");

    awaitFiring("RulesStale", "TablesNotWritten");
  }

  @Test
  @Order(9)
  void withoutKafkaTheSpoolGrowsUntilItIsFullAndThenDecisionsAreDropped() {
    product.killServer("kafka");
    awaitFiring("KafkaAway", "SpoolGrowing");

    try (SteadyLoad more = new SteadyLoad(new Caller(product.port("PORT"))).add("busy", 500)) {
      awaitFiring("SpoolNearlyFull");
      awaitFiring("DecisionsDropped");
    }
  }

  @Test
  @Order(10)
  void withoutRedisTheBreakerOpensAndWhoFailsClosedGets503() {
    product.killServer("redis");

    awaitFiring("BreakerOpen", "ChecksFailClosed", "RequestErrors");
  }

  @Test
  @Order(11)
  void aServiceThatIsGoneIsMissed() {
    product.killServer("stream-auditor");
    product.killServer("limiter-service");

    awaitFiring("AuditorDown", "LimiterDown");
  }

  @Test
  @Order(12)
  void anAuditorThatFindsNoKafkaAndALimiterWhoseDiskRefusesSayIt() throws IOException {
    Path spool = Files.createDirectories(folder.resolve("refused"));
    // A link that leads to itself: nothing can be opened there.
    Files.createSymbolicLink(spool.resolve("spool.db"), Path.of("spool.db"));
    product.startAgain("stream-auditor", Map.of());
    product.startAgain("limiter-service", Map.of("SPOOL_DIR", spool.toString()));

    awaitFiring("AuditStopped", "SpoolUnusable");
  }

  private static void awaitFiring(String... alerts) {
    Awaitility.await(String.join(", ", alerts))
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(prometheus.firing()).contains(alerts));
  }

  private static void awaitSilence() {
    Awaitility.await("silence")
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> assertThat(prometheus.firing()).isEmpty());
  }
}
