package io.ratelimiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.endtoend.Prometheus.Sample;
import io.ratelimiter.localstack.RedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
 * Each alert fires on its fault, with a real Prometheus. Killed servers are not restarted, so the
 * tests depend on their order.
 */
@Tag("faults")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertsIT {

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
  void aClientThatReachesItsLimitIsABlockRateJump() {
    try (SteadyLoad hasty = new SteadyLoad(monitored.caller()).add("premium_client", 100)) {
      monitored.awaitFiring("BlockRateJump");
      assertThat(
              monitored
                  .prometheus()
                  .query("ALERTS{alertname=\"BlockRateJump\",alertstate=\"firing\"}"))
          .extracting((Sample alert) -> alert.labels().get("rule"))
          .containsExactly("premium_client");
    }
    monitored.awaitSilence();
  }

  @Test
  @Order(2)
  void unreadableRecordsAndMissingNumbersAreReported() {
    new ForgedRecords(monitored.product().port("LOCAL_KAFKA_PORT"))
        .sendLedgerOfMissing(5)
        .sendGarbage(100_000);

    monitored.awaitFiring("DecisionsLost", "DeadLetters", "AuditorLagging");

    assertThat(
            monitored
                .product()
                .log("stream-auditor")
                .lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ")))
        .isNotEmpty()
        .hasSizeLessThan(200);
    monitored.awaitSilence();
  }

  @Test
  @Order(3)
  void aSlowStoreMakesChecksSlow() {
    try (RedisConnection redis = RedisConnection.to(monitored.product().port("LOCAL_REDIS_PORT"))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(900))
          .until(() -> {
            redis.call("CLIENT", "PAUSE", "850", "ALL");
            return monitored.prometheus().firing().containsAll(List.of("ChecksSlow", "RedisSlow"));
          });
    }
    monitored.awaitSilence();
  }

  @Test
  @Order(4)
  void anInvalidRuleSetIsRefused() {
    monitored
        .database()
        .execute("alter table limiter.rate_limit_rules drop constraint rate_is_0_to_1000000000");
    monitored
        .database()
        .execute("update limiter.rate_limit_rules set rate = -1 where name = 'strict'");

    monitored.awaitFiring("RulesRefused");

    monitored
        .database()
        .execute("update limiter.rate_limit_rules set rate = 1000 where name = 'strict'");
    monitored.awaitSilence();
  }

  @Test
  @Order(5)
  void withoutPostgresTheRulesAreStaleAndTheTablesAreNotWritten() {
    monitored.product().killServer("postgres");

    monitored.awaitFiring("RulesStale", "TablesNotWritten");
  }

  @Test
  @Order(6)
  void withoutKafkaTheSpoolGrowsUntilItIsFullAndThenDecisionsAreDropped() {
    monitored.product().killServer("kafka");
    monitored.awaitFiring("KafkaAway", "SpoolGrowing");

    try (SteadyLoad more = new SteadyLoad(monitored.caller()).add("busy", 500)) {
      monitored.awaitFiring("SpoolNearlyFull");
      monitored.awaitFiring("DecisionsDropped");
    }
  }

  @Test
  @Order(7)
  void withoutRedisTheBreakerOpensAndFailClosedRulesAnswer503() {
    monitored.product().killServer("redis");

    monitored.awaitFiring("BreakerOpen", "ChecksFailClosed", "RequestErrors");
  }

  @Test
  @Order(8)
  void aKilledServiceIsReportedAsDown() {
    monitored.product().killServer("stream-auditor");
    monitored.product().killServer("limiter-service");

    monitored.awaitFiring("AuditorDown", "LimiterDown");
  }

  @Test
  @Order(9)
  void anAuditorWithoutKafkaAndALimiterWithoutSpoolAreReported() throws IOException {
    Path spool = Files.createDirectories(folder.resolve("refused"));
    // A link to itself cannot be opened.
    Files.createSymbolicLink(spool.resolve("spool.db"), Path.of("spool.db"));
    monitored.product().startAgain("stream-auditor", Map.of());
    monitored.product().startAgain("limiter-service", Map.of("SPOOL_DIR", spool.toString()));

    monitored.awaitFiring("AuditStopped", "SpoolUnusable");
  }
}
