package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.live.RulesConfiguration;
import io.ratelimiter.service.rules.live.RulesStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The database is away, comes back, or goes silent. */
@LocalStack
class RulesFaultsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** Another second for a machine that does other things as well. */
  private static final long POLL_MILLIS = 500;

  private static final long OBEYED_WITHIN_MILLIS = POLL_MILLIS + 500 + 1_000;

  private final ApplicationContextRunner service =
      new ApplicationContextRunner()
          .withUserConfiguration(RulesConfiguration.class)
          .withPropertyValues("rules.poll-interval=" + POLL_MILLIS + "ms");

  @Test
  void aStartWithoutTheDatabaseUsesTheLastSetAndPicksTheDatabaseUpLater(
      PrivateServers servers, @TempDir Path folder) throws Exception {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    ApplicationContextRunner withSnapshot =
        service.withPropertyValues(
            "rules.database-url=" + database.url(),
            "rules.snapshot-file=" + folder.resolve("kept"));
    withSnapshot.run(context -> {
      database.execute("UPDATE limiter.rate_limit_rules SET rate = 31 WHERE id = 2");
      await().atMost(SOON).until(() -> limitOfRule2(context.getBean(ActiveRules.class)) == 31);
      await()
          .atMost(SOON)
          .until(() -> Files.readString(folder.resolve("kept")).contains("\"rate\":31"));
    });
    postgres.kill();

    withSnapshot.run(context -> {
      ActiveRules rules = context.getBean(ActiveRules.class);
      RulesStatus status = context.getBean(RulesStatus.class);
      assertThat(status.state())
          .returns(RulesStatus.Source.SNAPSHOT, RulesStatus.State::source)
          .returns(false, RulesStatus.State::databaseAvailable)
          .returns(true, RulesStatus.State::degraded);
      assertThat(limitOfRule2(rules)).isEqualTo(31);

      postgres.start();
      await().atMost(SOON).until(() -> status.state().source() == RulesStatus.Source.DATABASE);
      assertThat(status.state()).returns(false, RulesStatus.State::degraded);
      assertThat(limitOfRule2(rules)).isEqualTo(31);
    });
  }

  @Test
  void anOutageKeepsTheRulesAndWhatChangedAfterItIsSoonObeyed(PrivateServers servers)
      throws Exception {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    service
        .withPropertyValues("rules.database-url=" + database.url())
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          RulesStatus status = context.getBean(RulesStatus.class);
          postgres.kill();
          await().atMost(SOON).until(() -> !status.state().databaseAvailable());
          assertThat(limitOfRule2(rules)).isEqualTo(20);
          assertThat(status.state().unavailable()).isNotNull();

          postgres.start();
          await().atMost(SOON).until(() -> status.state().databaseAvailable());
          assertObeyed(database, rules, 41);
        });
  }

  @Test
  @Tag("faults")
  void aSilentDatabaseIsKnownToBeAwayAndObeyedWhenItGoesOn(PrivateServers servers) {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    service
        .withPropertyValues("rules.database-url=" + database.url())
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          RulesStatus status = context.getBean(RulesStatus.class);
          postgres.pause();
          await().atMost(SOON).until(() -> !status.state().databaseAvailable());
          assertThat(limitOfRule2(rules)).isEqualTo(20);

          postgres.resume();
          await().atMost(SOON).until(() -> status.state().databaseAvailable());
          assertObeyed(database, rules, 42);
        });
  }

  @Test
  @Tag("faults")
  void aStartWithASilentDatabaseDoesNotWaitForLong(PrivateServers servers) {
    PostgresServer postgres = servers.postgres();
    postgres.pause();
    long start = System.nanoTime();
    service
        .withPropertyValues("rules.database-url=" + postgres.databaseUrl(), "rules.start-wait=1s")
        .run(context -> {
          assertThat(millisSince(start)).isLessThan(8_000);
          assertThat(context.getBean(RulesStatus.class).state().source())
              .isEqualTo(RulesStatus.Source.SHIPPED);
        });
    postgres.resume();
  }

  @Test
  void whenTheListenersBackendIsKilledThePollFindsTheChange(PrivateServers servers)
      throws Exception {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    service
        .withPropertyValues("rules.database-url=" + database.url())
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          await().atMost(SOON).until(database::listenedTo);
          database.ask(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE application_name LIKE '%listener'");

          assertObeyed(database, rules, 43);
          await().atMost(SOON).until(database::listenedTo);
        });
  }

  private static void assertObeyed(Database database, ActiveRules rules, long limit)
      throws Exception {
    database.execute("UPDATE limiter.rate_limit_rules SET rate = %d WHERE id = 2".formatted(limit));
    long start = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> limitOfRule2(rules) == limit);
    assertThat(millisSince(start)).isLessThan(OBEYED_WITHIN_MILLIS);
  }

  private static long millisSince(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  private static long limitOfRule2(ActiveRules rules) {
    return rules
        .current()
        .match("default", "api_client", "x", 0)
        .rules()
        .getFirst()
        .policy()
        .limit();
  }
}
