package io.ratelimiter.service.rules.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.localstack.PostgresServer;
import io.ratelimiter.service.rules.definition.StoredRule;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes that are valid alone, but not together with the stored rules. */
class RuleAdminConflictsIT extends AdminFixture {

  RuleAdminConflictsIT(PostgresServer postgres) {
    super(postgres);
  }

  @Test
  void aRenameToATakenNameIsAConflict() {
    StoredRule rule = created("{'client_id': 'a', 'rate': 1, 'window': 60}");

    assertThat(
            admin.replace(
                rule.id(),
                rule("{'client_id': 'a', 'name': 'api_client', 'rate': 1, 'window': 60}"),
                any()))
        .isEqualTo(
            new Change.Conflicting(
                "name is taken by another rule of the tenant; give another name"));
  }

  /** Rules without a client often have the same default name, and none of them replaces another. */
  @Test
  void aRuleOfTheSameDefaultNameWithAnotherMatchOrByIsNotReplaced() {
    StoredRule total = created("{'by': [], 'rate': 1, 'window': 60}");
    Change taken =
        new Change.Conflicting(
            "name is taken by another rule of the tenant, with another match or by;"
                + " give another name");

    assertThat(total.definition().terms().name()).isEqualTo("*");
    for (String other :
        List.of(
            "{'by': ['ip'], 'rate': 2, 'window': 60}",
            "{'match': {'ip': '*'}, 'rate': 2, 'window': 60}",
            "{'client_id': '*', 'rate': 2, 'window': 60}")) {
      assertThat(admin.save(rule(other), any())).as(other).isEqualTo(taken);
    }
    assertThat(admin.save(rule("{'client_id':'default','by':[],'rate':2,'window':60}"), any()))
        .isEqualTo(taken);
    assertThat(admin.save(rule("{'by': [], 'rate': 2, 'window': 60}"), any()))
        .isInstanceOf(Change.Replaced.class);
    assertThat(admin.byId(1).orElseThrow().definition().terms().by()).isNull();
  }

  @Test
  void aRuleWithWhichTooManyLimitsCouldApplyIsAConflict() throws SQLException {
    database.execute(
        """
        INSERT INTO limiter.rate_limit_rules (tenant, name, by, rate, window_seconds)
        SELECT 'acme', format('%s-%s', by, n), ARRAY[by], 1, 1
          FROM generate_series(1, 8) n, unnest(ARRAY['a', 'b', 'c', 'd']) by
        """);
    String fifth = "{'tenant': 'acme', 'by': ['e'], 'rate': 1, 'window': 60, 'enabled': %s}";

    assertThat(admin.save(rule(fifth.formatted("true")), any()))
        .isInstanceOfSatisfying(
            Change.Conflicting.class,
            conflict ->
                assertThat(conflict.why()).contains("33 limits that could apply to one check"));
    RuleFilter ofAcme = new RuleFilter("acme", null, null, null, null, null);
    assertThat(admin.list(ofAcme, 0, 100)).hasSize(32);
    assertThat(admin.save(rule(fifth.formatted("false")), any()))
        .isInstanceOf(Change.Created.class);
  }

  @Test
  void aNinthLayerIsAConflict() {
    for (int n = 1; n <= 8; n++) {
      created("{'name': 'n%1$d', 'by': ['n%1$d'], 'rate': 1, 'window': 60}".formatted(n));
    }

    assertThat(admin.save(rule("{'by': ['n9'], 'rate': 1, 'window': 60}"), any()))
        .isEqualTo(
            new Change.Conflicting(
                "more than 8 different by among the enabled rules of tenant default that have match or by"));
  }

  @Test
  void aConflictThatAConstraintDoesNotFindIsRolledBack() throws SQLException {
    created("{'by': [], 'rate': 1, 'window': 60}");
    database.execute(
        """
        ALTER TABLE limiter.rate_limit_rules DISABLE TRIGGER refuse_overfull_cell_on_insert;
        INSERT INTO limiter.rate_limit_rules (client_id, name, rate, window_seconds)
        SELECT 'a', 'a-' || n, 1, 1 FROM generate_series(1, 8) n
        """);
    try {
      assertThat(
              admin.save(rule("{'client_id': 'a', 'name': 'a-9', 'rate': 1, 'window': 60}"), any()))
          .isInstanceOfSatisfying(
              Change.Conflicting.class,
              conflict -> assertThat(conflict.why()).startsWith("more than 8 enabled rules"));
      assertThat(admin.list(new RuleFilter(null, "a", null, null, null, null), 0, 100)).hasSize(8);
    } finally {
      database.execute(
          "ALTER TABLE limiter.rate_limit_rules ENABLE TRIGGER refuse_overfull_cell_on_insert");
    }
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
}
