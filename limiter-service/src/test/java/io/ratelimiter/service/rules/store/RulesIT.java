package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.AnyRule;
import io.ratelimiter.service.rules.RuleBuilder;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules are reloaded from a real PostgreSQL, with the service's own beans. */
@LocalStack
class RulesIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  @Test
  void anEmptyDatabaseGetsTheShippedRules(PostgresServer postgres) {
    Database database = Database.in(postgres, "seeded");

    RulesService.on(database)
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(described(context.getBean(ActiveRules.class)))
              .containsExactly(
                  "1 default * * 100/60",
                  "2 api_client api_client * 20/60",
                  "3 premium_client premium_client * 500/60");
          assertThat(context.getBean(LiveRules.class).state())
              .returns(RulesState.Source.DATABASE, RulesState::source)
              .returns(true, RulesState::databaseAvailable)
              .returns(false, RulesState::degraded);
        });
  }

  @Test
  void aChangeByPsqlIsInForceLongBeforeThePoll(PostgresServer postgres) {
    Database database = Database.in(postgres, "obeyed");

    RulesService.on(database, "rules.poll-interval=60s")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          long before = rules.current().revision();
          await().atMost(Duration.ofSeconds(10)).until(() -> database.listeners() == 1);
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
  void aChangeWithoutANotificationIsInForceAfterThePoll(PostgresServer postgres) {
    Database database = Database.in(postgres, "polled");

    RulesService.on(database, "rules.poll-interval=300ms")
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
  void aRestoredDatabaseIsReadWhateverItsRevision(PostgresServer postgres) {
    Database database = Database.in(postgres, "restored");

    RulesService.on(database, "rules.poll-interval=200ms")
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

  /** Changes the rows without the triggers, as restoring a backup does. */
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
  void aDroppedSchemaIsCreatedAgain(PostgresServer postgres) {
    Database database = Database.in(postgres, "wiped");

    RulesService.on(database, "rules.poll-interval=200ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          database.execute("DELETE FROM limiter.rate_limit_rules WHERE id > 1");
          await().atMost(SOON).until(() -> rules.current().rules().size() == 1);

          database.execute("DROP SCHEMA limiter CASCADE");

          await().atMost(SOON).until(() -> rules.current().rules().size() == 3);
        });
  }

  @Test
  void anEmptySetIsInForceAndDegraded(PostgresServer postgres) {
    Database database = Database.in(postgres, "emptied");

    RulesService.on(database, "rules.poll-interval=200ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          database.execute("TRUNCATE limiter.rate_limit_rules");

          await().atMost(SOON).until(() -> rules.current().rules().isEmpty());
          assertThat(rules.current().match(new Check("default", "api_client", "x", 1), 0).rules())
              .isEmpty();
          assertThat(context.getBean(LiveRules.class).state())
              .returns(0, RulesState::ruleCount)
              .returns(true, RulesState::degraded);
        });
  }

  @Test
  void anInvalidSetIsRefusedAsAWholeUntilItIsCorrected(PostgresServer postgres) {
    Database database = Database.in(postgres, "invalid");

    RulesService.on(database, "rules.poll-interval=200ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          LiveRules live = context.getBean(LiveRules.class);
          SimpleMeterRegistry registry = new SimpleMeterRegistry();
          context.getBean(MeterBinder.class).bindTo(registry);
          database.execute(
              "ALTER TABLE limiter.rate_limit_rules DROP CONSTRAINT rate_is_0_to_1000000000");
          database.execute(
              "UPDATE limiter.rate_limit_rules SET rate = CASE id WHEN 2 THEN -1 ELSE 77 END");

          await().atMost(SOON).until(() -> live.state().refused() != null);
          assertThat(live.state())
              .returns(
                  new RulesState.Refusal(
                      2,
                      "rule 2 (api_client of tenant default): rate must be 0 to 1000000000,"
                          + " not -1"),
                  RulesState::refused)
              .returns(1L, RulesState::revision)
              .returns(true, RulesState::databaseAvailable)
              .returns(true, RulesState::degraded);
          assertThat(described(rules)).contains("1 default * * 100/60");
          assertThat(registry.get("ratelimiter.rules.refused").gauge().value()).isEqualTo(1);

          database.execute("UPDATE limiter.rate_limit_rules SET algorithm = 'x' WHERE false");
          database.execute("UPDATE limiter.rate_limit_rules SET rate = 78");

          await().atMost(SOON).until(() -> live.state().refused() == null);
          assertThat(RuleBuilder.limiting(rules.current()))
              .extracting(rule -> rule.policy().limit())
              .containsOnly(78L);
          assertThat(registry.get("ratelimiter.rules.refused").gauge().value()).isZero();
          assertThat(registry.get("ratelimiter.rules.revision").gauge().value()).isEqualTo(4);
        });
  }

  @Test
  void anUnknownWordRefusesTheSet(PostgresServer postgres) {
    Database database = Database.in(postgres, "unknown_word");

    RulesService.on(database, "rules.poll-interval=200ms")
        .run(context -> {
          LiveRules live = context.getBean(LiveRules.class);
          database.execute(
              "ALTER TABLE limiter.rate_limit_rules DROP CONSTRAINT algorithm_is_known");
          database.execute("UPDATE limiter.rate_limit_rules SET algorithm = 'leaky' WHERE id = 2");

          await().atMost(SOON).until(() -> live.state().refused() != null);
          assertThat(live.state().refused())
              .isEqualTo(
                  new RulesState.Refusal(
                      2, "rule 2 (api_client of tenant default): \"leaky\" is not known"));
        });
  }

  private static List<String> described(ActiveRules rules) {
    return RuleBuilder.limiting(rules.current()).stream()
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
