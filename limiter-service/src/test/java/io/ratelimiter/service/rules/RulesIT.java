package io.ratelimiter.service.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The service's own beans on a real PostgreSQL. */
@LocalStack
class RulesIT {

  private final ApplicationContextRunner service =
      new ApplicationContextRunner().withUserConfiguration(RulesConfiguration.class);

  @Test
  void anEmptyDatabaseGetsTheShippedRules(PostgresServer postgres) {
    String url = postgres.createDatabase("seeded");

    service
        .withPropertyValues("rules.database-url=" + url)
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
    String url = postgres.createDatabase("obeyed");

    service
        .withPropertyValues("rules.database-url=" + url, "rules.poll-interval=60s")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          long before = rules.current().revision();
          awaitListener(url);
          execute(url, "UPDATE limiter.rate_limit_rules SET rate = 21 WHERE id = 2");

          await()
              .atMost(Duration.ofSeconds(10))
              .untilAsserted(
                  () -> assertThat(described(rules)).contains("2 api_client api_client * 21/60"));
          assertThat(rules.current().revision()).isEqualTo(before + 1);
          assertThat(rules.current().rules())
              .extracting(Rule::revision)
              .containsExactly(before, before + 1, before);
        });
  }

  @Test
  void aChangeIsObeyedWithinThePollWhenNothingIsHeard(PostgresServer postgres) {
    String url = postgres.createDatabase("polled");

    service
        .withPropertyValues("rules.database-url=" + url, "rules.poll-interval=300ms")
        .run(context -> {
          ActiveRules rules = context.getBean(ActiveRules.class);
          execute(url, "ALTER TABLE limiter.rate_limit_rules DISABLE TRIGGER a_raise_revision");
          execute(url, "DELETE FROM limiter.rate_limit_rules WHERE id = 3");
          execute(url, "UPDATE limiter.rule_set SET revision = 77, stamp = gen_random_uuid()");

          await().atMost(Duration.ofSeconds(10)).until(() -> rules.current().revision() == 77);
          assertThat(rules.current().rules()).extracting(Rule::id).containsExactly(1L, 2L);
        });
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

  private static void awaitListener(String url) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            ask(
                    url,
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                        + " AND datname = current_database()")
                .equals("1"));
  }

  private static List<String> described(ActiveRules rules) {
    return rules.current().rules().stream()
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

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        var result = connection.createStatement().executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}
