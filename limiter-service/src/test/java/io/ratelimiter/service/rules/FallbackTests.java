package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static io.ratelimiter.service.rules.RuleSets.ids;
import static io.ratelimiter.service.rules.RuleSets.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Checks that match no rule of their tenant use the default tenant's rules. */
class FallbackTests {

  @Test
  void aCheckThatMatchesNoEnforcingRuleOfItsTenantUsesTheDefaultTenantsRulesForAllClients() {
    RuleSet set =
        set(
            rule(1, "*", "*"),
            rule(2, "alice", "*"),
            rule(3, "*", "*").of("acme").shadow(),
            rule(4, "*", "*").shadow(),
            rule(5, "*", "*").always(),
            rule(6, "bob", "login").of("acme"));

    assertThat(ids(set, "unknown", "alice", "login")).containsExactly(1L, 5L, 4L);
    assertThat(ids(set, "acme", "alice", "login")).containsExactly(1L, 5L, 3L, 4L);
    assertThat(ids(set, "acme", "bob", "login")).containsExactly(6L);
    assertThat(ids(set, "acme", "bob", "search")).containsExactly(1L, 5L, 3L, 4L);
    assertThat(ids(set, "default", "bob", "login")).containsExactly(1L, 5L, 4L);
  }

  @Test
  void aMatchingAlwaysRulePreventsTheFallback() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").of("acme").always());

    assertThat(ids(set, "acme", "alice", "login")).containsExactly(2L);
    assertThat(ids(set, "acme", "bob", "login")).containsExactly(1L);
  }

  @Test
  void aCheckFallsBackWhileNoRuleThatMatchesItIsInForce() {
    RuleSet set =
        set(
            rule(1, "*", "*"),
            rule(2, "alice", "*").of("acme").from(10).until(20),
            rule(3, "*", "*").of("acme").exempt().from(30));

    assertThat(ids(set.match(new Check("acme", "alice", "login", 1), 9))).containsExactly(1L);
    assertThat(ids(set.match(new Check("acme", "bob", "login", 1), 10))).containsExactly(1L);
    assertThat(ids(set.match(new Check("acme", "alice", "login", 1), 10))).containsExactly(2L);
    assertThat(ids(set.match(new Check("acme", "alice", "login", 1), 20))).containsExactly(1L);
    assertThat(ids(set.match(new Check("acme", "alice", "login", 1), 30))).isEmpty();
    assertThat(ids(set.match(new Check("acme", "bob", "login", 1), 30))).isEmpty();
  }

  @Test
  void anExemptRuleOfATenantPreventsTheFallback() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "*", "*").of("acme").exempt());

    assertThat(ids(set, "acme", "alice", "login")).isEmpty();
    assertThat(ids(set, "other", "alice", "login")).containsExactly(1L);
  }

  @Test
  void theDefaultTenantsExemptRuleForAllClientsIsTheFallbackToo() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "*", "*").exempt());

    assertThat(ids(set, "acme", "alice", "login")).isEmpty();
  }

  @Test
  void atMostFortyLimitsApply() {
    RuleSet set =
        new RuleSet(
            1,
            IntStream.range(0, 40)
                .mapToObj(n ->
                    n < 8
                        ? rule(n, "*", "*").build()
                        : rule(n, n % 2 < 1 ? "alice" : "*", n % 4 < 2 ? "login" : "*")
                            .of("acme")
                            .shadow()
                            .build())
                .toList());

    assertThat(ids(set, "acme", "alice", "login")).hasSize(40);
  }
}
