package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.localstack.junit.LocalStack;
import io.ratelimiter.runtime.DatabaseUrl;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import io.ratelimiter.service.rules.definition.StoredRule;
import io.ratelimiter.service.rules.json.RuleJsonReader;
import io.ratelimiter.service.rules.live.RulesUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

@LocalStack
@TestInstance(Lifecycle.PER_CLASS)
class RuleAdminIT {

  private static final RuleFilter EVERY = new RuleFilter(null, null, null, null, null, null);

  private final Database database;
  private final RulesDatabase pool;
  private final RuleAdmin admin;

  RuleAdminIT(PostgresServer postgres) {
    database = Database.migrated(postgres, "rule_admin");
    pool = RulesDatabase.at(DatabaseUrl.parse(database.url()));
    admin = new RuleAdmin(pool.pool(), Algorithm.SLIDING_WINDOW, () -> {});
  }

  @BeforeEach
  void onlyTheShippedRules() throws SQLException {
    database.execute("DELETE FROM limiter.rate_limit_rules WHERE id > 3");
  }

  @AfterAll
  void close() {
    pool.close();
  }

  @Test
  void aNewRuleIsCreatedAndTheSameNameReplacesItUnderTheSameId() {
    StoredRule created =
        created("{'client_id': 'a', 'endpoint': 'login', 'rate': 20, 'window': 60}");
    Change again =
        admin.save(
            rule("{'client_id': 'a', 'endpoint': 'login', 'rate': 30, 'window': 60}"), any());

    assertThat(created.definition().name()).isEqualTo("a/login");
    assertThat(again).isInstanceOf(Change.Replaced.class);
    StoredRule replaced = ((Change.Replaced) again).rule();
    assertThat(replaced.id()).isEqualTo(created.id());
    assertThat(replaced.revision()).isGreaterThan(created.revision());
    assertThat(replaced.createdAt()).isEqualTo(created.createdAt());
    assertThat(admin.byId(created.id())).contains(replaced);
    assertThat(replaced.definition().rate()).isEqualTo(30);
  }

  @Test
  void allThatIsWrittenIsKept() {
    RuleDefinition all =
        rule(
            """
            {'client_id': 'ü', 'limit_key': '*', 'tenant': 'acme', 'name': 'all', 'rate': 5,
             'window': 7, 'algorithm': 'token_bucket', 'burst': 9, 'mode': 'shadow', 'enabled': false,
             'shared': true, 'always': true, 'fail_mode': 'local', 'metadata': {'owner': 'billing'},
             'valid_from': '2026-11-27T01:00:00+01:00', 'valid_until': '2026-11-28T00:00:00.123456Z'}
            """);

    Change change = admin.save(all, any());

    assertThat(((Change.Created) change).rule().definition()).isEqualTo(all);
  }

  @Test
  void whoeverHasSeenAnOlderRevisionChangesNothing() {
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
  void ofManyWritersThatHaveSeenTheSameRevisionOneWins() throws Exception {
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
  void aWriterThatSleepsInItsTransactionIsNamedAfterTwoSeconds() throws SQLException {
    try (Connection idle = database.connect();
        var statement = idle.createStatement()) {
      idle.setAutoCommit(false);
      statement.execute("SET application_name = 'forgotten psql'");
      statement.execute("UPDATE limiter.rate_limit_rules SET rate = 21 WHERE id = 2");

      long start = System.nanoTime();
      Change change = admin.delete(3, any());
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

      assertThat(change).isInstanceOf(Change.Locked.class);
      assertThat(((Change.Locked) change).byWhom())
          .matches(
              "session \\d+ of user ratelimiter \\(forgotten psql\\), idle in transaction,"
                  + " its transaction open for \\d+ s");
      assertThat(millis).isBetween(1_900L, 8_000L);
      idle.rollback();
    }
    assertThat(admin.byId(3)).isPresent();
  }

  @Test
  void aDryRunSaysWhatWouldComeOfItAndChangesNothing() throws SQLException {
    List<String> before = state();
    ChangeRequest dry = new ChangeRequest("tester", "c-1", _ -> true, true);

    assertThat(admin.save(rule("{'client_id': 'a', 'rate': 1, 'window': 60}"), dry))
        .isInstanceOf(Change.Created.class);
    assertThat(admin.save(rule("{'client_id': 'default', 'rate': 1, 'window': 60}"), dry))
        .isInstanceOf(Change.Replaced.class);
    assertThat(admin.delete(2, dry)).isInstanceOf(Change.Deleted.class);

    assertThat(state()).isEqualTo(before);
  }

  private List<String> state() throws SQLException {
    return database.ask(
        "SELECT (SELECT revision FROM limiter.rule_set) || string_agg(r::text, ',' ORDER BY id)"
            + " FROM limiter.rate_limit_rules r");
  }

  @Test
  void aRenameToATakenNameIsAConflict() {
    StoredRule rule = created("{'client_id': 'a', 'rate': 1, 'window': 60}");

    assertThat(
            admin.replace(
                rule.id(),
                rule("{'client_id': 'a', 'name': 'api_client', 'rate': 1, 'window': 60}"),
                any()))
        .isEqualTo(new Change.Conflicting("name is taken by another rule of the tenant"));
  }

  @Test
  void aNinthRuleInACellIsAConflict() {
    for (int n = 1; n <= 8; n++) {
      created("{'client_id': 'a', 'name': 'a-%d', 'rate': 1, 'window': 60}".formatted(n));
    }

    assertThat(
            admin.save(rule("{'client_id': 'a', 'name': 'a-9', 'rate': 1, 'window': 60}"), any()))
        .isEqualTo(
            new Change.Conflicting(
                "more than 8 enabled rules for tenant default, client_id a, limit_key *"));
  }

  @Test
  void aFaultIsNamedWithItsField() {
    assertThatThrownBy(() -> admin.save(rule("{'client_id': 'a', 'rate': 0, 'window': 60}"), any()))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessage("rate must be 1 to 1000000000, not 0");
    assertThatThrownBy(() ->
            admin.save(
                rule("{'client_id':'a','rate':1,'window':6,'burst':2,'algorithm':'fixed_window'}"),
                any()))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessage("burst is for token_bucket only, not for fixed_window");
  }

  @Test
  void anInheritingRuleUsesItsBurstOnlyUnderTheTokenBucket() {
    StoredRule rule = created("{'client_id': 'a', 'rate': 1, 'window': 6, 'burst': 2}");

    assertThat(rule.definition().burst()).isEqualTo(2);
    assertThat(admin.effectivePolicy(rule)).isEqualTo(new Policy.SlidingWindow(1, 6));
    assertThat(rule.under(Algorithm.TOKEN_BUCKET))
        .isInstanceOfSatisfying(
            Rule.class,
            limit -> assertThat(limit.policy()).isEqualTo(new Policy.TokenBucket(1, 6, 2)));
    assertThatThrownBy(() ->
            admin.save(
                rule("{'client_id': 'a', 'rate': 1, 'window': 60, 'burst': 1000000000}"), any()))
        .hasMessageContaining("burst × window / rate must be at most 10 years");
  }

  @Test
  void aValueThatTheDatabaseRefusesIsNoOutage() {
    assertThatThrownBy(() -> admin.list(new RuleFilter("a\0b", null, null, null, null, null), 0, 9))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageStartingWith("the database refuses a value: ");
  }

  @Test
  void aMissingRuleIsMissing() {
    assertThat(admin.delete(77, any())).isEqualTo(new Change.Missing(77));
    assertThat(admin.replace(77, rule("{'client_id': 'a', 'rate': 1, 'window': 60}"), any()))
        .isEqualTo(new Change.Missing(77));
    assertThat(admin.byId(77)).isEmpty();
  }

  @Test
  void anInheritingRuleTooLargeForTheLogSaysThatItUsesTheCounters() {
    StoredRule rule = created("{'client_id': 'a', 'rate': 10001, 'window': 60}");

    assertThat(rule.definition().algorithm()).isNull();
    assertThat(admin.effectivePolicy(rule)).isInstanceOf(Policy.SlidingWindowCounter.class);
  }

  @Test
  void rulesAreListedByFilterPageByPage() {
    for (int n = 1; n <= 5; n++) {
      created("{'client_id': 'a', 'endpoint': 'e%d', 'rate': 1, 'window': 60}".formatted(n));
    }
    created("{'client_id': 'a', 'tenant': 'acme', 'rate': 1, 'window': 60, 'mode': 'shadow'}");
    RuleFilter ofA = new RuleFilter("default", "a", null, null, Mode.ENFORCE, true);

    List<StoredRule> first = admin.list(ofA, 0, 3);
    List<StoredRule> second = admin.list(ofA, first.getLast().id(), 3);

    assertThat(first).extracting(r -> r.definition().limitKey()).containsExactly("e1", "e2", "e3");
    assertThat(second).extracting(r -> r.definition().limitKey()).containsExactly("e4", "e5");
    assertThat(admin.list(EVERY, 0, 100)).hasSize(9);
    assertThat(admin.list(new RuleFilter(null, null, null, null, Mode.SHADOW, null), 0, 9))
        .extracting(r -> r.definition().tenant())
        .containsExactly("acme");
    assertThat(admin.list(new RuleFilter(null, null, "e2", "a/e2", null, null), 0, 9)).hasSize(1);
  }

  @Test
  void theHistoryNamesTheAuthorAndTheRequestLatestFirst() {
    StoredRule rule = created("{'client_id': 'a', 'rate': 1, 'window': 60}");
    admin.replace(
        rule.id(),
        rule("{'client_id': 'a', 'rate': 2, 'window': 60}"),
        new ChangeRequest("admin-api", "req-2", _ -> true, false));
    admin.delete(rule.id(), new ChangeRequest("admin-api", "req-3", _ -> true, false));

    List<RuleHistoryEntry> history = admin.history(rule.id(), Long.MAX_VALUE, 10);

    assertThat(history)
        .extracting(
            RuleHistoryEntry::operation,
            RuleHistoryEntry::changedBy,
            RuleHistoryEntry::correlationId,
            entry -> rate(entry.before()),
            entry -> rate(entry.after()))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("delete", "admin-api", "req-3", 2L, null),
            org.assertj.core.groups.Tuple.tuple("replace", "admin-api", "req-2", 1L, 2L),
            org.assertj.core.groups.Tuple.tuple("create", "tester", "c-0", null, 1L));
    assertThat(admin.history(rule.id(), history.getFirst().id(), 1))
        .containsExactly(history.get(1));
  }

  private static Long rate(RuleHistoryEntry.Image row) {
    return row == null ? null : new JsonMapper().readTree(row.columns()).get("rate").longValue();
  }

  @Test
  void aDatabaseThatIsAwayIsSaidToBe() {
    try (RulesDatabase away = RulesDatabase.at(DatabaseUrl.parse("postgresql://localhost:1/x"))) {
      RuleAdmin nobody = new RuleAdmin(away.pool(), Algorithm.TOKEN_BUCKET, () -> {});

      assertThatThrownBy(() -> nobody.byId(1))
          .isInstanceOf(RulesUnavailableException.class)
          .hasMessageContaining("refused");
    }
  }

  private StoredRule created(String json) {
    Change change = admin.save(rule(json), any());
    assertThat(change).isInstanceOf(Change.Created.class);
    return ((Change.Created) change).rule();
  }

  private static RuleDefinition rule(String json) {
    return RuleJsonReader.read(new JsonMapper().readTree(json.replace('\'', '"')));
  }

  private static ChangeRequest any() {
    return new ChangeRequest("tester", "c-0", _ -> true, false);
  }

  private static ChangeRequest seen(long revision) {
    return new ChangeRequest("tester", "c-0", OptionalLong.of(revision)::equals, false);
  }
}
