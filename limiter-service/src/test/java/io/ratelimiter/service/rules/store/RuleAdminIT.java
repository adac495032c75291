package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.service.rules.Algorithm;
import io.ratelimiter.service.rules.Mode;
import io.ratelimiter.service.rules.Policy;
import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.definition.RuleContext;
import io.ratelimiter.service.rules.definition.RuleDefinition;
import io.ratelimiter.service.rules.definition.RuleHistoryEntry;
import io.ratelimiter.service.rules.definition.StoredRule;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RuleAdminIT extends AdminFixture {

  private static final RuleFilter EVERY = new RuleFilter(null, null, null, null, null, null);

  RuleAdminIT(PostgresServer postgres) {
    super(postgres);
  }

  @Test
  void aNewRuleIsCreatedAndTheSameNameReplacesItUnderTheSameId() {
    StoredRule created =
        created("{'client_id': 'a', 'endpoint': 'login', 'rate': 20, 'window': 60}");
    Change again =
        admin.save(
            rule("{'client_id': 'a', 'endpoint': 'login', 'rate': 30, 'window': 60}"), any());

    assertThat(created.definition().terms().name()).isEqualTo("a/login");
    assertThat(again).isInstanceOf(Change.Replaced.class);
    StoredRule replaced = ((Change.Replaced) again).rule();
    assertThat(replaced.id()).isEqualTo(created.id());
    assertThat(replaced.revision()).isGreaterThan(created.revision());
    assertThat(replaced.createdAt()).isEqualTo(created.createdAt());
    assertThat(admin.byId(created.id())).contains(replaced);
    assertThat(replaced.definition().policy().rate()).isEqualTo(30);
  }

  @Test
  void everyFieldIsStored() {
    RuleDefinition all =
        rule(
            """
            {'client_id': 'ü', 'limit_key': '*', 'tenant': 'acme', 'name': 'all', 'rate': 5,
             'window': 7, 'algorithm': 'token_bucket', 'burst': 9, 'mode': 'shadow', 'enabled': false,
             'reserve': {'normal': 0.0001, 'low': 0.95}, 'max_wait_ms': 30000, 'overdraft': 90,
             'shared': true, 'always': true, 'fail_mode': 'local', 'metadata': {'owner': 'billing'},
             'valid_from': '2026-11-27T01:00:00+01:00', 'valid_until': '2026-11-28T00:00:00.123456Z'}
            """);

    Change change = admin.save(all, any());

    assertThat(((Change.Created) change).rule().definition()).isEqualTo(all);
  }

  @Test
  void aDryRunReturnsTheOutcomeAndChangesNothing() throws SQLException {
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
    return database.query(
        "SELECT (SELECT revision FROM limiter.rule_set) || string_agg(r::text, ',' ORDER BY id)"
            + " FROM limiter.rate_limit_rules r");
  }

  @Test
  void anInheritingRuleUsesItsBurstOnlyUnderTheTokenBucket() {
    StoredRule rule = created("{'client_id': 'a', 'rate': 1, 'window': 6, 'burst': 2}");

    assertThat(rule.definition().policy().burst()).isEqualTo(2);
    assertThat(admin.effectivePolicy(rule)).isEqualTo(new Policy.SlidingWindow(1, 6));
    assertThat(rule.effective(RuleContext.of(Algorithm.TOKEN_BUCKET)))
        .isInstanceOfSatisfying(
            Rule.class,
            limit -> assertThat(limit.policy()).isEqualTo(new Policy.TokenBucket(1, 6, 2)));
    assertThatThrownBy(() ->
            admin.save(
                rule("{'client_id': 'a', 'rate': 1, 'window': 60, 'burst': 1000000000}"), any()))
        .hasMessageContaining("burst × window / rate must be at most 10 years");
  }

  @Test
  void anInheritingRuleTooLargeForTheLogUsesTheCounters() {
    StoredRule rule = created("{'client_id': 'a', 'rate': 10001, 'window': 60}");

    assertThat(rule.definition().policy().algorithm()).isNull();
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

    assertThat(first)
        .extracting(r -> r.definition().terms().limitKey())
        .containsExactly("e1", "e2", "e3");
    assertThat(second)
        .extracting(r -> r.definition().terms().limitKey())
        .containsExactly("e4", "e5");
    assertThat(admin.list(EVERY, 0, 100)).hasSize(9);
    assertThat(admin.list(new RuleFilter(null, null, null, null, Mode.SHADOW, null), 0, 9))
        .extracting(r -> r.definition().terms().tenant())
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
}
