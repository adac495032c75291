package io.ratelimiter.service.rules.store;

import static io.ratelimiter.service.rules.store.AdminFixture.any;
import static io.ratelimiter.service.rules.store.AdminFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.localstack.junit.PgBouncer;
import io.ratelimiter.service.rules.ActiveRules;
import io.ratelimiter.service.rules.RuleBuilder;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The rules behind a pooler that may give each transaction another session of the server. */
@LocalStack
@Tag("full")
@ExtendWith(OutputCaptureExtension.class)
class PgBouncerIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String RULE = "{'client_id': 'a', 'rate': %d, 'window': 60}";

  @Test
  void rulesAreMigratedReadChangedAndPolled(
      PostgresServer postgres, @TempDir Path folder, CapturedOutput output) {
    Database direct = Database.in(postgres, "pooled_rules");
    try (PgBouncer pooler = PgBouncer.before(postgres, folder)) {
      RulesService.with(
              "rules.database-url=" + pooler.databaseUrl("pooled_rules"),
              "rules.poll-interval=100ms")
          .run(context -> {
            LiveRules live = context.getBean(LiveRules.class);
            assertThat(live.state())
                .returns(RulesState.Source.DATABASE, RulesState::source)
                .returns(3, RulesState::ruleCount);
            assertThat(
                    direct.query(
                        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEmpty();

            RuleAdmin admin = context.getBean(RuleAdmin.class);
            for (int rate = 1; rate <= 30; rate++) {
              assertThat(admin.save(rule(RULE.formatted(rate)), any()))
                  .isNotInstanceOf(Change.Locked.class);
            }
            psqlThrough(pooler, "UPDATE limiter.rate_limit_rules SET rate = 77 WHERE id = 1");

            await()
                .atMost(SOON)
                .until(() ->
                    RuleBuilder.limiting(context.getBean(ActiveRules.class).current()).stream()
                        .anyMatch(rule -> rule.policy().limit() == 77));
            assertThat(
                    direct.query(
                        "SELECT DISTINCT changed_by FROM limiter.rate_limit_rules_history"
                            + " WHERE rule_id >= 1000"))
                .containsExactly("tester");
            assertThat(
                    direct.query(
                        "SELECT changed_by FROM limiter.rate_limit_rules_history"
                            + " WHERE rule_id = 1 ORDER BY id DESC LIMIT 1"))
                .containsExactly(PostgresServer.RATELIMITER);
            assertThat(live.state()).returns(false, RulesState::degraded);
            assertThat(isolationLevels(pooler)).containsOnly("read committed");
          });
    }
    assertThat(output.getOut())
        .containsOnlyOnce("rule changes are found by polling")
        .doesNotContain("cannot be read");
  }

  private static void psqlThrough(PgBouncer pooler, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:" + withCredentials(pooler));
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The levels of consecutive transactions, more than the pooler has sessions. */
  private static List<String> isolationLevels(PgBouncer pooler) throws SQLException {
    List<String> levels = new java.util.ArrayList<>();
    try (var connection = DriverManager.getConnection("jdbc:" + withCredentials(pooler));
        var statement = connection.createStatement()) {
      for (int i = 0; i < 20; i++) {
        try (var level = statement.executeQuery("SHOW transaction_isolation")) {
          level.next();
          levels.add(level.getString(1));
        }
      }
    }
    return levels;
  }

  private static String withCredentials(PgBouncer pooler) {
    return pooler.databaseUrl("pooled_rules").replaceFirst("//.*@", "//")
        + "?user=%1$s&password=%1$s&prepareThreshold=0".formatted(PostgresServer.RATELIMITER);
  }
}
