package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RuleAdminRefusalsIT extends AdminFixture {

  RuleAdminRefusalsIT(PostgresServer postgres) {
    super(postgres);
  }

  @Test
  void aChangeOfAnOutdatedRevisionIsRefused() {
    StoredRule first = created("{'client_id': 'a', 'rate': 1, 'window': 60}");
    StoredRule second =
        ((Change.Replaced)
                admin.replace(
                    first.id(),
                    rule("{'client_id': 'a', 'rate': 2, 'window': 60}"),
                    seen(first.revision())))
            .rule();

    RuleDefinition third = rule("{'client_id': 'a', 'rate': 3, 'window': 60}");
    assertThat(admin.replace(first.id(), third, seen(first.revision())))
        .isEqualTo(new Change.Outdated(second));
    assertThat(admin.save(third, seen(first.revision()))).isEqualTo(new Change.Outdated(second));
    assertThat(admin.delete(first.id(), seen(first.revision())))
        .isEqualTo(new Change.Outdated(second));
    assertThat(admin.byId(first.id())).contains(second);
  }

  @Test
  void ofConcurrentChangesOfOneRevisionOneIsMade() throws Exception {
    StoredRule first = created("{'client_id': 'a', 'rate': 1, 'window': 60}");

    List<Change> changes;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Change>> attempts =
          IntStream.rangeClosed(2, 9)
              .mapToObj(rate ->
                  CompletableFuture.supplyAsync(
                      () ->
                          admin.replace(
                              first.id(),
                              rule("{'client_id': 'a', 'rate': %d, 'window': 60}".formatted(rate)),
                              seen(first.revision())),
                      threads))
              .toList();
      changes = attempts.stream().map(CompletableFuture::join).toList();
    }

    assertThat(changes).filteredOn(Change.Replaced.class::isInstance).hasSize(1);
    assertThat(changes).filteredOn(Change.Outdated.class::isInstance).hasSize(7);
  }

  @Test
  void aSessionThatHasLockedTheRulesIsNamedAfterTwoSeconds() throws SQLException {
    try (Connection idle = database.connect();
        var statement = idle.createStatement()) {
      idle.setAutoCommit(false);
      statement.execute("SET application_name = 'forgotten psql'");
      statement.execute("UPDATE limiter.rate_limit_rules SET rate = 21 WHERE id = 2");

      long start = System.nanoTime();
      Change change = admin.delete(3, any());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

      assertThat(change).isInstanceOf(Change.Locked.class);
      assertThat(((Change.Locked) change).holder())
          .matches(
              "session \\d+ of user ratelimiter \\(forgotten psql\\), idle in transaction,"
                  + " its transaction open for \\d+ s");
      assertThat(millis).isBetween(1_900L, 8_000L);
      idle.rollback();
    }
    assertThat(admin.byId(3)).isPresent();
  }

  @Test
  void aFaultIsNamedWithItsField() {
    assertThatThrownBy(
            () -> admin.save(rule("{'client_id': 'a', 'rate': -1, 'window': 60}"), any()))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessage("rate must be 0 to 1000000000, not -1");
    assertThatThrownBy(() ->
            admin.save(
                rule("{'client_id':'a','rate':1,'window':6,'burst':2,'algorithm':'fixed_window'}"),
                any()))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessage("burst is for token_bucket only, not for fixed_window");
  }

  @Test
  void aValueThatTheDatabaseRefusesIsNotAnOutage() {
    assertThatThrownBy(() -> admin.list(new RuleFilter("a\0b", null, null, null, null, null), 0, 9))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageStartingWith("the database refuses a value: ");
  }

  @Test
  void aChangeOfAMissingRuleReportsItMissing() {
    assertThat(admin.delete(77, any())).isEqualTo(new Change.Missing(77));
    assertThat(admin.replace(77, rule("{'client_id': 'a', 'rate': 1, 'window': 60}"), any()))
        .isEqualTo(new Change.Missing(77));
    assertThat(admin.byId(77)).isEmpty();
  }

  @Test
  void anUnavailableDatabaseIsReported() {
    try (RulesDatabase away = RulesDatabase.at(DatabaseUrl.parse("postgresql://localhost:1/x"))) {
      RuleAdmin unreachable =
          new RuleAdmin(away.pool(), RuleContext.of(Algorithm.TOKEN_BUCKET), () -> {});

      assertThatThrownBy(() -> unreachable.byId(1))
          .isInstanceOf(RulesUnavailableException.class)
          .hasMessageContaining("refused");
    }
  }
}
