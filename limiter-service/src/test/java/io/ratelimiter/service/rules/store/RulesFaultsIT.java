package io.ratelimiter.service.rules.store;

import static io.ratelimiter.service.rules.store.RulesService.limitOfRule2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PrivateServers;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The database is unavailable, available again, or silent. */
@LocalStack
class RulesFaultsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final long POLL_MILLIS = 500;
  private static final String POLL = "rules.poll-interval=" + POLL_MILLIS + "ms";

  /** One second allows for a busy machine. */
  private static final long MAX_RELOAD_MILLIS = POLL_MILLIS + 500 + 1_000;

  @Test
  void aStartWithoutTheDatabaseUsesTheLastSetUntilTheDatabaseAnswers(
      PrivateServers servers, @TempDir Path folder) throws Exception {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    ApplicationContextRunner withSnapshot =
        RulesService.on(database, POLL, "rules.snapshot-file=" + folder.resolve("kept"));
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
      LiveRules live = context.getBean(LiveRules.class);
      assertThat(live.state())
          .returns(RulesState.Source.SNAPSHOT, RulesState::source)
          .returns(false, RulesState::databaseAvailable)
          .returns(true, RulesState::degraded);
      assertThat(limitOfRule2(rules)).isEqualTo(31);

      postgres.start();
      await().atMost(SOON).until(() -> live.state().source() == RulesState.Source.DATABASE);
      assertThat(live.state()).returns(false, RulesState::degraded);
      assertThat(limitOfRule2(rules)).isEqualTo(31);
    });
  }

  @Test
  void rulesStayInForceInAnOutageAndAreReloadedAfterIt(PrivateServers servers) throws Exception {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    RulesService.on(database, POLL)
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          LiveRules live = context.getBean(LiveRules.class);
          postgres.kill();
          await().atMost(SOON).until(() -> !live.state().databaseAvailable());
          assertThat(limitOfRule2(rules)).isEqualTo(20);
          assertThat(live.state().unavailable()).isNotNull();

          postgres.start();
          await().atMost(SOON).until(() -> live.state().databaseAvailable());
          assertReloaded(database, rules, 41);
        });
  }

  @Test
  @Tag("faults")
  void aSilentDatabaseIsUnavailableAndReadAgainOnceItAnswers(PrivateServers servers) {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    RulesService.on(database, POLL)
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          LiveRules live = context.getBean(LiveRules.class);
          postgres.pause();
          await().atMost(SOON).until(() -> !live.state().databaseAvailable());
          assertThat(limitOfRule2(rules)).isEqualTo(20);

          postgres.resume();
          await().atMost(SOON).until(() -> live.state().databaseAvailable());
          assertReloaded(database, rules, 42);
        });
  }

  @Test
  @Tag("faults")
  void aStartWithASilentDatabaseDoesNotWaitForLong(PrivateServers servers) {
    PostgresServer postgres = servers.postgres();
    postgres.pause();
    long start = System.nanoTime();
    RulesService.with(POLL, "rules.database-url=" + postgres.databaseUrl(), "rules.start-wait=1s")
        .run(context -> {
          assertThat(millisSince(start)).isLessThan(8_000);
          assertThat(context.getBean(LiveRules.class).state().source())
              .isEqualTo(RulesState.Source.SHIPPED);
        });
    postgres.resume();
  }

  @Test
  void whenTheListenersBackendIsKilledThePollFindsTheChange(PrivateServers servers)
      throws Exception {
    PostgresServer postgres = servers.postgres();
    Database database = new Database(postgres.jdbcUrl());
    RulesService.on(database, POLL)
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          await().atMost(SOON).until(() -> database.listeners() == 1);
          database.query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE application_name LIKE '%listener'");

          assertReloaded(database, rules, 43);
          await().atMost(SOON).until(() -> database.listeners() == 1);
        });
  }

  private static void assertReloaded(Database database, ActiveRules rules, long limit)
      throws Exception {
    database.execute("UPDATE limiter.rate_limit_rules SET rate = %d WHERE id = 2".formatted(limit));
    long start = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(SOON)
        .until(() -> limitOfRule2(rules) == limit);
    assertThat(millisSince(start)).isLessThan(MAX_RELOAD_MILLIS);
  }

  private static long millisSince(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
