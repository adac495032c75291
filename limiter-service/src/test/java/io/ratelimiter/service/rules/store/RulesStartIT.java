package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.RuleBuilder;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rules are in force at the start, with and without a database. */
@LocalStack
class RulesStartIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  @Test
  void aReplacedRulesFileIsReloaded(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("rules.json");
    Files.writeString(file, "{\"rules\": [{\"client_id\": \"a\", \"rate\": 5, \"window\": 60}]}");

    RulesService.with("rules.file=" + file, "rules.poll-interval=100ms")
        .run(context -> {
          LiveRules live = context.getBean(LiveRules.class);
          assertThat(live.state())
              .returns(RulesState.Source.FILE, RulesState::source)
              .returns(1, RulesState::ruleCount);
          long before = live.state().revision();

          Files.writeString(file, "{\"rules\": []}");
          await().atMost(SOON).until(() -> live.state().ruleCount() == 0);
          assertThat(live.state().revision()).isNotEqualTo(before);

          Files.writeString(file, "{\"rules\": [{}]}");
          await().atMost(SOON).until(() -> live.state().refused() != null);
          assertThat(live.state().refused().why()).contains("client_id is required");
        });
  }

  @Test
  void aRulesFileThatCannotBeReadStopsTheStart() {
    RulesService.with("rules.file=/no/such/rules.json")
        .run(context ->
            assertThat(context)
                .getFailure()
                .hasRootCauseInstanceOf(java.nio.file.NoSuchFileException.class)
                .hasMessageContaining("RULES_FILE /no/such/rules.json cannot be read"));
  }

  @Test
  void anUnknownAlgorithmStopsTheStart() {
    RulesService.with("rules.algorithm=leaky")
        .run(context ->
            assertThat(context)
                .getFailure()
                .hasRootCauseMessage(
                    "ALGORITHM must be one of token_bucket, fixed_window, sliding_window,"
                        + " sliding_window_counter, not \"leaky\""));
  }

  @Test
  void withoutADatabaseTheShippedRulesAreInForce() {
    RulesService.with()
        .run(context -> {
          assertThat(RuleBuilder.limiting(context.getBean(ActiveRules.class).current())).hasSize(3);
          assertThat(context.getBean(LiveRules.class).state())
              .returns(RulesState.Source.SHIPPED, RulesState::source)
              .returns(false, RulesState::databaseConfigured)
              .returns(false, RulesState::degraded);
        });
  }

  @Test
  void anUnavailableDatabaseDoesNotStopTheStart() {
    RulesService.with("rules.database-url=postgresql://u:p@localhost:1/none")
        .run(context -> {
          assertThat(context).hasNotFailed();
          assertThat(context.getBean(LiveRules.class).state())
              .returns(RulesState.Source.SHIPPED, RulesState::source)
              .returns(true, RulesState::degraded);
        });
  }

  @Test
  void aDatabaseOfAnotherEncodingIsReportedAndNotChanged(PostgresServer postgres) throws Exception {
    Database database = new Database(postgres.createDatabase("latin1_rules", "LATIN1"));

    RulesService.on(database)
        .run(context -> {
          assertThat(context.getBean(LiveRules.class).state())
              .returns(RulesState.Source.SHIPPED, RulesState::source)
              .returns(true, RulesState::degraded)
              .extracting(RulesState::unavailable)
              .asString()
              .startsWith("DATABASE_URL must name a database whose encoding is UTF8, not LATIN1");
          assertThatThrownBy(() -> context.getBean(InstanceBoard.class).note("one"))
              .isInstanceOf(RulesUnavailableException.class)
              .hasMessageContaining("not LATIN1");
        });
    assertThat(database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'limiter'"))
        .isEmpty();
  }
}
