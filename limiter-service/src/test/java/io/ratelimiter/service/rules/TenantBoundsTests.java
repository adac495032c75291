package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.limiter.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bounds of a tenant, each at the bound and one beyond it. */
class TenantBoundsTests {

  private static final String LAYERS =
      "the enabled rules of tenant acme have 9 different by, and at most 8 are possible";
  private static final String SHAPES =
      "the enabled rules of tenant acme have 9 different sets of exactly matched attributes,"
          + " and at most 8 are possible";
  private static final String LIMITS =
      "the enabled rules of tenant acme have 33 limits that could apply to one check,"
          + " and at most 32 are possible";
  private static final String PREFIXES =
      "the enabled rules of tenant acme have 65 matches with the same exact values and by that"
          + " differ in prefixes, and at most 64 are possible";

  private static RuleBuilder acme(int id) {
    return rule(id, "*", "*").of("acme");
  }

  /** Rules 1 to this number. */
  private static List<AnyRule> rules(int count, IntFunction<RuleBuilder> rule) {
    return IntStream.rangeClosed(1, count).<AnyRule>mapToObj(id -> rule.apply(id).build()).toList();
  }

  private static List<AnyRule> and(List<AnyRule> rules, RuleBuilder... more) {
    List<AnyRule> all = new ArrayList<>(rules);
    for (RuleBuilder rule : more) {
      all.add(rule.build());
    }
    return all;
  }

  private static void accepted(List<AnyRule> rules) {
    assertThat(new RuleSet(1, rules).rules()).hasSameSizeAs(rules);
  }

  private static void refused(List<AnyRule> rules, String message) {
    assertThatThrownBy(() -> new RuleSet(1, rules))
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessage(message);
  }

  @Test
  void atMostEightDifferentBy() {
    List<AnyRule> eight = rules(8, id -> id == 1 ? acme(1).by() : acme(id).by("a" + id));
    accepted(eight);
    refused(and(eight, acme(9).by("z")), LAYERS);
    accepted(and(eight, acme(9).by("a8"), acme(10).by("z").disabled()));
    accepted(and(eight, rule(9, "*", "*").of("other").by("z")));
  }

  @Test
  void anAbsentByIsALayerOnlyOfRulesWithAMatch() {
    List<AnyRule> eight = rules(8, id -> acme(id).by("a" + id));
    accepted(and(eight, acme(9)));
    refused(and(eight, acme(9).match("ip", "*")), LAYERS);
  }

  @Test
  void atMostEightDifferentSetsOfExactlyMatchedAttributes() {
    List<AnyRule> eight = rules(8, id -> acme(id).match("a" + id, "v"));
    accepted(eight);
    accepted(and(eight, acme(9).match("a1", "other"), acme(10).match("a1", "v").match("b", "p*")));
    refused(and(eight, acme(9).match("a1", "v").match("a2", "v")), SHAPES);
    refused(and(eight, acme(9).match("b", "*")), SHAPES);
    refused(and(eight, rule(9, "alice", "*").of("acme").by("a1")), SHAPES);
    accepted(and(eight, rule(9, "alice", "*").of("acme"), rule(10, "*", "login").of("acme")));
  }

  /** Four layers with a full cell each. */
  private static List<AnyRule> thirtyTwo() {
    return rules(32, id -> id % 4 == 0 ? acme(id).by() : acme(id).by("a" + id % 4));
  }

  @Test
  void atMostThirtyTwoLimitsOfACheck() {
    accepted(thirtyTwo());
    refused(and(thirtyTwo(), rule(33, "*", "login").of("acme").by("a1").always()), LIMITS);
    refused(and(thirtyTwo(), rule(33, "*", "login").of("acme").by("a1").shadow()), LIMITS);
    refused(and(thirtyTwo(), acme(33)), LIMITS);
    refused(and(thirtyTwo(), acme(33).by("b")), LIMITS);
  }

  @Test
  void rulesOfWhichOnlyOneAppliesAreOneLimit() {
    accepted(
        and(
            thirtyTwo(),
            rule(33, "*", "login").of("acme").by("a1"),
            rule(34, "*", "*").of("acme").by("b").exempt(),
            acme(35).by("b").disabled()));
    accepted(rules(500, id -> acme(id).match("ip", "10.0.0." + id).by("ip")));
    accepted(rules(500, id -> acme(id).match("ip", "10.0.0." + id).by("ip").always()));
  }

  @Test
  void rulesOfTheDefaultTenantInvalidateNoOtherTenantsRules() {
    List<AnyRule> all =
        and(
            thirtyTwo(),
            IntStream.rangeClosed(41, 48)
                .mapToObj(id -> rule(id, "*", "*"))
                .toArray(RuleBuilder[]::new));
    Attributes attributes = Attributes.of(Map.of("a1", "v", "a2", "v", "a3", "v"));

    Match match = new RuleSet(1, all).match(new Check("acme", "alice", "key", attributes, 1), 0);

    assertThat(match.rules()).hasSize(40);
    refused(and(all, acme(33).by("b")), LIMITS);
  }

  @Test
  void atMostSixtyFourPrefixesBesideTheSameExactValues() {
    List<AnyRule> sixtyFour = rules(64, id -> acme(id).match("ip", id + ".*").by("ip"));
    accepted(sixtyFour);
    refused(and(sixtyFour, acme(65).match("ip", "*").by("ip")), PREFIXES);
    accepted(
        and(
            sixtyFour,
            acme(65).match("ip", "65.*").match("plan", "pro").by("ip"),
            acme(66).match("ip", "66.*").by(),
            acme(67).match("ip", "1.*").by("ip")));
  }
}
