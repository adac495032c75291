package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.RuleWriter;
import io.ratelimiter.service.rules.live.RulesConfiguration;
import io.ratelimiter.service.rules.live.RulesStatus;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The service's own beans on a real PostgreSQL. */
@LocalStack
class RulesIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  private final ApplicationContextRunner service =
      new ApplicationContextRunner().withUserConfiguration(RulesConfiguration.class);

  @Test
  void anEmptyDatabaseGetsTheShippedRules(PostgresServer postgres) {
    Database database = Database.in(postgres, "seeded");

    service
        .withPropertyValues("rules.database-url=" + database.url())
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(described(context.getBean(ActiveRules.class)))
              .containsExactly(
                  "1 default * * 100/60",
                  "2 api_client api_client * 20/60",
                  "3 premium_client premium_client * 500/60");
          assertThat(context.getBean(RulesStatus.class).state())
              .returns(RulesStatus.Source.DATABASE, RulesStatus.State::source)
              .returns(true, RulesStatus.State::databaseAvailable)
              .returns(false, RulesStatus.State::degraded);
        });
  }

  @Test
  void aChangeByPsqlIsObeyedLongBeforeThePoll(PostgresServer postgres) {
    Database database = Database.in(postgres, "obeyed");

    service
        .withPropertyValues("rules.database-url=" + database.url(), "rules.poll-interval=60s")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          long before = rules.current().revision();
          await().atMost(Duration.ofSeconds(10)).until(database::listenedTo);
          database.execute("UPDATE limiter.rate_limit_rules SET rate = 21 WHERE id = 2");

          await()
              .atMost(Duration.ofSeconds(10))
              .untilAsserted(
                  () -> assertThat(described(rules)).contains("2 api_client api_client * 21/60"));
          assertThat(rules.current().revision()).isEqualTo(before + 1);
          assertThat(rules.current().rules())
              .extracting(AnyRule::revision)
              .containsExactly(before, before + 1, before);
        });
  }

  @Test
  void aChangeIsObeyedWithinThePollWhenNothingIsHeard(PostgresServer postgres) {
    Database database = Database.in(postgres, "polled");

    service
        .withPropertyValues("rules.database-url=" + database.url(), "rules.poll-interval=300ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          database.execute("ALTER TABLE limiter.rate_limit_rules DISABLE TRIGGER a_raise_revision");
          database.execute("DELETE FROM limiter.rate_limit_rules WHERE id = 3");
          database.execute("UPDATE limiter.rule_set SET revision = 77, stamp = gen_random_uuid()");

          await().atMost(Duration.ofSeconds(10)).until(() -> rules.current().revision() == 77);
          assertThat(rules.current().rules()).extracting(AnyRule::id).containsExactly(1L, 2L);
        });
  }

  @Test
  void aRestoredDatabaseIsObeyedWhateverItsRevision(PostgresServer postgres) {
    Database database = Database.in(postgres, "restored");

    service
        .withPropertyValues("rules.database-url=" + database.url(), "rules.poll-interval=200ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          database.execute("UPDATE limiter.rate_limit_rules SET rate = 7 WHERE id = 1");
          await().atMost(SOON).until(() -> rules.current().revision() == 2);

          restore(database, "rate = 100", 1);
          await().atMost(SOON).until(() -> rules.current().revision() == 1);
          assertThat(described(rules)).contains("1 default * * 100/60");

          restore(database, "rate = 9", 1);
          await()
              .atMost(SOON)
              .untilAsserted(() -> assertThat(described(rules)).contains("1 default * * 9/60"));
        });
  }

  /** As a backup would: past the triggers. */
  private static void restore(Database database, String change, long revision) throws Exception {
    database.execute(
        """
        BEGIN;
        SET LOCAL session_replication_role = replica;
        UPDATE limiter.rate_limit_rules SET %s WHERE id = 1;
        UPDATE limiter.rule_set SET revision = %d, stamp = gen_random_uuid();
        COMMIT
        """
            .formatted(change, revision));
  }

  @Test
  void aDatabaseThatLostItsSchemaGetsItAgain(PostgresServer postgres) {
    Database database = Database.in(postgres, "wiped");

    service
        .withPropertyValues("rules.database-url=" + database.url(), "rules.poll-interval=200ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          database.execute("DELETE FROM limiter.rate_limit_rules WHERE id > 1");
          await().atMost(SOON).until(() -> rules.current().rules().size() == 1);

          database.execute("DROP SCHEMA limiter CASCADE");

          await().atMost(SOON).until(() -> rules.current().rules().size() == 3);
        });
  }

  @Test
  void anEmptySetIsObeyedAndSaidToBeDegraded(PostgresServer postgres) {
    Database database = Database.in(postgres, "emptied");

    service
        .withPropertyValues("rules.database-url=" + database.url(), "rules.poll-interval=200ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          database.execute("TRUNCATE limiter.rate_limit_rules");

          await().atMost(SOON).until(() -> rules.current().rules().isEmpty());
          assertThat(rules.current().match("default", "api_client", "x", 0).rules()).isEmpty();
          assertThat(context.getBean(RulesStatus.class).state())
              .returns(0, RulesStatus.State::ruleCount)
              .returns(true, RulesStatus.State::degraded);
        });
  }

  @Test
  void anInvalidSetIsKeptOutWholeUntilItIsMended(PostgresServer postgres) {
    Database database = Database.in(postgres, "invalid");

    service
        .withPropertyValues("rules.database-url=" + database.url(), "rules.poll-interval=200ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          RulesStatus status = context.getBean(RulesStatus.class);
          SimpleMeterRegistry registry = new SimpleMeterRegistry();
          context.getBean(MeterBinder.class).bindTo(registry);
          database.execute(
              "ALTER TABLE limiter.rate_limit_rules DROP CONSTRAINT rate_is_1_to_1000000000");
          database.execute(
              "UPDATE limiter.rate_limit_rules SET rate = CASE id WHEN 2 THEN 0 ELSE 77 END");

          await().atMost(SOON).until(() -> status.state().refused() != null);
          assertThat(status.state())
              .returns(
                  new RulesStatus.Refusal(
                      2,
                      "rule 2 (api_client of tenant default): rate must be 1 to 1000000000,"
                          + " not 0"),
                  RulesStatus.State::refused)
              .returns(1L, RulesStatus.State::revision)
              .returns(true, RulesStatus.State::databaseAvailable)
              .returns(true, RulesStatus.State::degraded);
          assertThat(described(rules)).contains("1 default * * 100/60");
          assertThat(registry.get("ratelimiter.rules.refused").gauge().value()).isEqualTo(1);

          database.execute("UPDATE limiter.rate_limit_rules SET algorithm = 'x' WHERE false");
          database.execute("UPDATE limiter.rate_limit_rules SET rate = 78");

          await().atMost(SOON).until(() -> status.state().refused() == null);
          assertThat(RuleWriter.limiting(rules.current()))
              .extracting(rule -> rule.policy().limit())
              .containsOnly(78L);
          assertThat(registry.get("ratelimiter.rules.refused").gauge().value()).isZero();
          assertThat(registry.get("ratelimiter.rules.revision").gauge().value()).isEqualTo(4);
        });
  }

  @Test
  void aWordThatNobodyKnowsRefusesTheSet(PostgresServer postgres) {
    Database database = Database.in(postgres, "unknown_word");

    service
        .withPropertyValues("rules.database-url=" + database.url(), "rules.poll-interval=200ms")
        .run(context -> {
          RulesStatus status = context.getBean(RulesStatus.class);
          database.execute(
              "ALTER TABLE limiter.rate_limit_rules DROP CONSTRAINT algorithm_is_known");
          database.execute("UPDATE limiter.rate_limit_rules SET algorithm = 'leaky' WHERE id = 2");

          await().atMost(SOON).until(() -> status.state().refused() != null);
          assertThat(status.state().refused())
              .isEqualTo(
                  new RulesStatus.Refusal(
                      2, "rule 2 (api_client of tenant default): \"leaky\" is not known"));
        });
  }

  @Test
  void aRulesFileIsObeyedWhenItIsReplaced(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("rules.json");
    Files.writeString(file, "{\"rules\": [{\"client_id\": \"a\", \"rate\": 5, \"window\": 60}]}");

    service
        .withPropertyValues("rules.file=" + file, "rules.poll-interval=100ms")
        .run(context -> {
          RulesStatus status = context.getBean(RulesStatus.class);
          assertThat(status.state())
              .returns(RulesStatus.Source.FILE, RulesStatus.State::source)
              .returns(1, RulesStatus.State::ruleCount);
          long before = status.state().revision();

          Files.writeString(file, "{\"rules\": []}");
          await().atMost(SOON).until(() -> status.state().ruleCount() == 0);
          assertThat(status.state().revision()).isNotEqualTo(before);

          Files.writeString(file, "{\"rules\": [{}]}");
          await().atMost(SOON).until(() -> status.state().refused() != null);
          assertThat(status.state().refused().why()).contains("client_id is required");
        });
  }

  @Test
  void aRulesFileThatCannotBeReadStopsTheStart() {
    service
        .withPropertyValues("rules.file=/no/such/rules.json")
        .run(context ->
            assertThat(context)
                .getFailure()
                .hasRootCauseInstanceOf(java.nio.file.NoSuchFileException.class)
                .hasMessageContaining("RULES_FILE /no/such/rules.json cannot be read"));
  }

  @Test
  void anAlgorithmThatNobodyKnowsStopsTheStart() {
    service
        .withPropertyValues("limiter.algorithm=leaky")
        .run(context ->
            assertThat(context)
                .getFailure()
                .hasRootCauseMessage(
                    "ALGORITHM must be one of token_bucket, fixed_window, sliding_window,"
                        + " sliding_window_counter, not \"leaky\""));
  }

  @Test
  void withoutADatabaseTheShippedRulesAreInForce() {
    service.run(context -> {
      assertThat(described(context.getBean(ActiveRules.class))).hasSize(3);
      assertThat(context.getBean(RulesStatus.class).state())
          .returns(RulesStatus.Source.SHIPPED, RulesStatus.State::source)
          .returns(false, RulesStatus.State::databaseConfigured)
          .returns(false, RulesStatus.State::degraded);
    });
  }

  @Test
  void aDatabaseThatIsAwayDoesNotStopTheStart() {
    service
        .withPropertyValues("rules.database-url=postgresql://u:p@localhost:1/none")
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context.getBean(RulesStatus.class).state())
              .returns(RulesStatus.Source.SHIPPED, RulesStatus.State::source)
              .returns(true, RulesStatus.State::degraded);
        });
  }

  @Test
  void aDatabaseOfAnotherEncodingThatComesLaterIsNamedAndNotWrittenTo(PostgresServer postgres)
      throws Exception {
    Database database = new Database(postgres.createDatabase("latin1_rules", "LATIN1"));

    service
        .withPropertyValues("rules.database-url=" + database.url())
        .run(context -> {
          assertThat(context.getBean(RulesStatus.class).state())
              .returns(RulesStatus.Source.SHIPPED, RulesStatus.State::source)
              .returns(true, RulesStatus.State::degraded)
              .extracting(RulesStatus.State::unavailable)
              .asString()
              .startsWith("DATABASE_URL must name a database whose encoding is UTF8, not LATIN1");
          assertThatThrownBy(() -> context.getBean(InstanceBoard.class).note("one"))
              .isInstanceOf(RulesUnavailableException.class)
              .hasMessageContaining("not LATIN1");
        });
    assertThat(database.ask("SELECT nspname FROM pg_namespace WHERE nspname = 'limiter'"))
        .isEmpty();
  }

  private static List<String> described(ActiveRules rules) {
    return RuleWriter.limiting(rules.current()).stream()
        .flatMap(r ->
            Stream.of(
                "%d %s %s %s %d/%d"
                    .formatted(
                        r.id(),
                        r.name(),
                        r.clientId(),
                        r.limitKey(),
                        r.policy().limit(),
                        r.policy().windowSeconds())))
        .toList();
  }
}
