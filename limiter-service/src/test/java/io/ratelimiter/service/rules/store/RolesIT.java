package io.ratelimiter.service.rules.store;

import static io.ratelimiter.service.rules.store.AdminFixture.any;
import static io.ratelimiter.service.rules.store.AdminFixture.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.live.LiveRules;
import io.ratelimiter.service.rules.live.RulesState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The rules with the login that {@code deploy/postgres/roles.sql} creates for the limiter. */
@LocalStack
class RolesIT {

  private static final Path ROLES = Path.of("../deploy/postgres/roles.sql");
  private static final Duration SOON = Duration.ofSeconds(15);

  @Test
  void theLimitersLoginMigratesReadsAndChangesRulesAndMayNotWriteTheAudit(PostgresServer postgres)
      throws Exception {
    Database admin = Database.in(postgres, "own_roles");
    admin.execute(Files.readString(ROLES));
    admin.execute("SET ROLE auditor; CREATE TABLE audit.rate_limit_metrics (n int)");

    worksAs(postgres, "own_roles");

    try (Connection limiter = DriverManager.getConnection(url(postgres, "own_roles"))) {
      limiter.createStatement().execute("SELECT * FROM audit.rate_limit_metrics");
      for (String forbidden :
          new String[] {
            "INSERT INTO audit.rate_limit_metrics VALUES (1)",
            "TRUNCATE audit.rate_limit_metrics",
            "DROP TABLE audit.rate_limit_metrics",
            "CREATE TABLE audit.mine (n int)",
            "CREATE TABLE public.mine (n int)",
            "CREATE SCHEMA mine"
          }) {
        assertThatThrownBy(() -> limiter.createStatement().execute(forbidden))
            .as(forbidden)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      }
    }
  }

  @Test
  void objectsOfASuperuserBecomeTheLimitersAndTheScriptMayRunTwice(PostgresServer postgres)
      throws Exception {
    Database admin = Database.migrated(postgres, "upgraded_roles");
    admin.execute(Files.readString(ROLES));
    admin.execute(Files.readString(ROLES));

    worksAs(postgres, "upgraded_roles");

    assertThat(
            admin.query(
                "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class"
                    + " WHERE relnamespace = 'limiter'::regnamespace"))
        .containsExactly("limiter");
  }

  private static void worksAs(PostgresServer postgres, String database) {
    RulesService.with("rules.database-url=" + url(postgres, database), "rules.poll-interval=100ms")
        .run(context -> {
          assertThat(context.getBean(LiveRules.class).state())
              .returns(RulesState.Source.DATABASE, RulesState::source);
          assertThat(
                  context
                      .getBean(RuleAdmin.class)
                      .save(rule("{'client_id': 'a', 'rate': 5, 'window': 60}"), any()))
              .isInstanceOf(Change.Created.class);
          await()
              .atMost(SOON)
              .until(() -> context.getBean(LiveRules.class).state().ruleCount() == 4);
          context.getBean(InstanceBoard.class).note("one");
        });
  }

  /**
   * An operator's session holds the lock; the limiter's login may not read that session's query.
   */
  @Test
  void aLockHolderOfAnotherRoleIsNamedToo(PostgresServer postgres) throws Exception {
    Database admin = Database.migrated(postgres, "locked_roles");
    admin.execute(Files.readString(ROLES));
    try (RulesDatabase pool =
            RulesDatabase.at(
                io.ratelimiter.runtime.DatabaseUrl.parse(url(postgres, "locked_roles")));
        Connection idle = admin.connect();
        var statement = idle.createStatement()) {
      idle.setAutoCommit(false);
      statement.execute("SET application_name = 'forgotten psql'");
      statement.execute("UPDATE limiter.rate_limit_rules SET rate = 21 WHERE id = 2");

      Change change =
          new RuleAdmin(pool.pool(), RuleContext.of(Algorithm.TOKEN_BUCKET), () -> {})
              .delete(3, any());

      assertThat(change).isInstanceOf(Change.Locked.class);
      assertThat(((Change.Locked) change).holder())
          .matches("session \\d+ of user ratelimiter \\(forgotten psql\\)");
      idle.rollback();
    }
  }

  private static String url(PostgresServer postgres, String database) {
    return "jdbc:postgresql://localhost:%d/%s?user=limiter&password=limiter"
        .formatted(postgres.port(), database);
  }
}
