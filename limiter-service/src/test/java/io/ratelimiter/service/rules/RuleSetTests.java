package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleWriter.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.rules.definition.RuleDefinition;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleSetTests {

  private static final long NOW = 1_000;

  /** Rules 1 to 4 on the four levels, most specific first; the others beside them. */
  private final RuleSet levels =
      set(
          rule(1, "alice", "login"),
          rule(2, "alice", "*"),
          rule(3, "*", "login"),
          rule(4, "*", "*"),
          rule(5, "bob", "upload"));

  @ParameterizedTest
  @CsvSource({
    "alice, login, 1",
    "alice, search, 2",
    "carol, login, 3",
    "carol, search, 4",
    "bob, upload, 5",
    "bob, login, 3",
    "bob, search, 4"
  })
  void theMostSpecificLevelWins(String client, String key, long expected) {
    assertThat(ids(levels, "default", client, key)).containsExactly(expected);
  }

  /** A client with two endpoints of its own: {@code login} 20 and {@code register} 10 a minute. */
  @ParameterizedTest
  @CsvSource({
    "client_a, login, 20",
    "client_a, register, 10",
    "client_a, search, 50",
    "client_b, login, 100"
  })
  void aClientsEndpointsHaveLimitsOfTheirOwn(String client, String key, long limit) {
    RuleSet set =
        new RuleSet(
            1,
            List.of(
                limited(1, "*", "*", 100),
                limited(2, "client_a", "*", 50),
                limited(3, "client_a", "login", 20),
                limited(4, "client_a", "register", 10)));

    assertThat(set.match("default", client, key, NOW).rules())
        .extracting(rule -> rule.policy().limit())
        .containsExactly(limit);
  }

  private static AnyRule limited(long id, String client, String key, long limit) {
    return new RuleDefinition(
            "default",
            "r" + id,
            client,
            key,
            null,
            limit,
            60L,
            null,
            Mode.ENFORCE,
            true,
            false,
            false,
            null,
            null,
            null,
            "{}")
        .under(Algorithm.TOKEN_BUCKET, id, 1, 0);
  }

  @Test
  void allRulesOfTheChosenLevelApplyTogether() {
    RuleSet set = set(rule(7, "alice", "*"), rule(3, "alice", "*"), rule(1, "*", "*"));

    assertThat(ids(set, "default", "alice", "login")).containsExactly(3L, 7L);
  }

  @Test
  void aRuleThatAppliesAlwaysStandsBesideTheChosenLevelAndNeverChoosesIt() {
    RuleSet set =
        set(
            rule(1, "alice", "login"),
            rule(2, "alice", "*").forAlways(),
            rule(3, "*", "*"),
            rule(4, "*", "*").forAlways());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L, 2L, 4L);
    assertThat(ids(set, "default", "alice", "search")).containsExactly(2L, 3L, 4L);
    assertThat(ids(set, "default", "bob", "login")).containsExactly(3L, 4L);
  }

  @Test
  void aKeysRuleThatAppliesAlwaysAppliesToAClientWithRulesOfItsOwnToo() {
    RuleSet set = set(rule(1, "alice", "*"), rule(2, "*", "login").forAlways());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L, 2L);
    assertThat(ids(set, "default", "alice", "search")).containsExactly(1L);
  }

  @Test
  void shadowRulesOfTheChosenLevelAndOfMoreSpecificOnesFollowTheEnforcingOnes() {
    RuleSet set =
        set(
            rule(1, "alice", "login").shadow(),
            rule(2, "alice", "*").shadow(),
            rule(3, "*", "login"),
            rule(4, "*", "login").shadow(),
            rule(5, "*", "*").shadow());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(3L, 1L, 2L, 4L);
    assertThat(ids(set, "default", "alice", "search")).containsExactly(2L, 5L);
  }

  @Test
  void aShadowRuleThatAppliesAlwaysIsTriedWhateverLevelIsChosen() {
    RuleSet set = set(rule(1, "alice", "login"), rule(2, "*", "*").shadow().forAlways());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L, 2L);
  }

  @Test
  void disabledRulesDoNotApplyAndAreListed() {
    RuleSet set = set(rule(1, "alice", "*").disabled(), rule(2, "*", "*"));

    assertThat(ids(set, "default", "alice", "login")).containsExactly(2L);
    assertThat(set.rules()).extracting(AnyRule::id).containsExactly(1L, 2L);
  }

  @Test
  void aTenantsRulesConcernNoOtherTenant() {
    RuleSet set = set(rule(1, "alice", "*"), rule(2, "alice", "*").of("acme"));

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L);
    assertThat(ids(set, "acme", "alice", "login")).containsExactly(2L);
    assertThat(ids(set, "acme", "bob", "login")).isEmpty();
  }

  @Test
  void aCheckThatNoEnforcingRuleOfItsTenantMatchesUsesTheDefaultTenantsRulesForAllClients() {
    RuleSet set =
        set(
            rule(1, "*", "*"),
            rule(2, "alice", "*"),
            rule(3, "*", "*").of("acme").shadow(),
            rule(4, "*", "*").shadow(),
            rule(5, "*", "*").forAlways(),
            rule(6, "bob", "login").of("acme"));

    assertThat(ids(set, "unknown", "alice", "login")).containsExactly(1L, 5L, 4L);
    assertThat(ids(set, "acme", "alice", "login")).containsExactly(1L, 5L, 3L, 4L);
    assertThat(ids(set, "acme", "bob", "login")).containsExactly(6L);
    assertThat(ids(set, "acme", "bob", "search")).containsExactly(1L, 5L, 3L, 4L);
    assertThat(ids(set, "default", "bob", "login")).containsExactly(1L, 5L, 4L);
  }

  @Test
  void aMatchingAlwaysRulePreventsTheFallback() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").of("acme").forAlways());

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

    assertThat(ids(set.match("acme", "alice", "login", 9))).containsExactly(1L);
    assertThat(ids(set.match("acme", "bob", "login", 10))).containsExactly(1L);
    assertThat(ids(set.match("acme", "alice", "login", 10))).containsExactly(2L);
    assertThat(ids(set.match("acme", "alice", "login", 20))).containsExactly(1L);
    assertThat(ids(set.match("acme", "alice", "login", 30))).isEmpty();
    assertThat(ids(set.match("acme", "bob", "login", 30))).isEmpty();
  }

  @Test
  void anExemptRuleTakesPartInTheChoiceAndEndsItWithoutALimit() {
    RuleSet set =
        set(
            rule(1, "*", "*"),
            rule(2, "alice", "*").exempt(),
            rule(3, "alice", "login"),
            rule(4, "*", "health").exempt(),
            rule(5, "bob", "*"));

    assertThat(ids(set, "default", "alice", "search")).isEmpty();
    assertThat(ids(set, "default", "alice", "login")).containsExactly(3L);
    assertThat(ids(set, "default", "carol", "health")).isEmpty();
    assertThat(ids(set, "default", "bob", "health")).containsExactly(5L);
    assertThat(ids(set, "default", "carol", "search")).containsExactly(1L);
    assertThat(set.namesLimitKey("default", "health")).isTrue();
  }

  @Test
  void besideOtherRulesOfItsCellAnExemptOneWins() {
    RuleSet set =
        set(
            rule(1, "alice", "*"),
            rule(2, "alice", "*").exempt(),
            rule(3, "alice", "*").forAlways(),
            rule(4, "alice", "*").shadow(),
            rule(5, "*", "*").shadow(),
            rule(6, "*", "*").forAlways());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(3L, 6L, 4L);
  }

  @Test
  void aDisabledExemptRuleExemptsFromNothing() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").exempt().disabled());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L);
  }

  @Test
  void aTenantThatWantsNoLimitHasAnExemptRule() {
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
                        ? rule(n, "*", "*").write()
                        : rule(n, n % 2 < 1 ? "alice" : "*", n % 4 < 2 ? "login" : "*")
                            .of("acme")
                            .shadow()
                            .write())
                .toList());

    assertThat(ids(set, "acme", "alice", "login")).hasSize(40);
  }

  @Test
  void anExemptRuleCountsAmongTheEightOfItsCell() {
    Stream<RuleWriter> nine = IntStream.rangeClosed(1, 9).mapToObj(id -> rule(id, "alice", "*"));

    assertThatThrownBy(() -> set(nine.map(RuleWriter::exempt).toArray(RuleWriter[]::new)))
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessageContaining("more than 8 enabled rules");
  }

  @Test
  void anEmptySetLetsNothingApply() {
    assertThat(ids(set(), "default", "alice", "login")).isEmpty();
  }

  @Test
  void aRuleCountsFromItsFirstInstantToJustBeforeItsLast() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").from(10).until(20));

    assertThat(
            Stream.of(9, 10, 19, 20).map(now -> ids(set.match("default", "alice", "login", now))))
        .containsExactly(List.of(1L), List.of(2L), List.of(2L), List.of(1L));
  }

  @Test
  void everySwitchIsANewGeneration() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").from(10).until(20));

    assertThat(
            Stream.of(9, 10, 19, 20, 30)
                .map(now -> set.match("default", "alice", "login", now).generation())
                .toList())
        .containsExactly(0L, 1L, 1L, 2L, 2L);
  }

  @Test
  void aReplacedSetHasNoGenerationInCommonWithTheOneBefore() {
    RuleSet first = set(rule(1, "*", "*").from(10).until(20));
    RuleSet second = first.replacedBy(1, first.rules());

    long last = first.match("default", "alice", "login", 30).generation();
    assertThat(second.match("default", "alice", "login", 0).generation()).isGreaterThan(last);
  }

  @Test
  void whatNoClockCanChangeIsTheSameObjectEachTime() {
    assertThat(levels.match("default", "alice", "login", 1))
        .isSameAs(levels.match("default", "alice", "login", 2));
    assertThat(levels.match("default", "alice", "search", 1))
        .isSameAs(levels.match("default", "alice", "upload", 2));
  }

  @Test
  void nineEnabledRulesInOneCellAreRefused() {
    Stream<RuleWriter> eight = IntStream.rangeClosed(1, 8).mapToObj(id -> rule(id, "alice", "*"));
    List<AnyRule> rules =
        Stream.concat(eight, Stream.of(rule(9, "alice", "*").disabled()))
            .map(RuleWriter::write)
            .toList();
    assertThat(new RuleSet(1, rules).match("default", "alice", "x", NOW).rules()).hasSize(8);

    assertThatThrownBy(() ->
            new RuleSet(
                1,
                Stream.concat(rules.stream(), Stream.of(rule(10, "alice", "*").write())).toList()))
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessage("more than 8 enabled rules for tenant default, client_id alice, limit_key *");
  }

  @Test
  void twoRulesWithOneIdAreRefused() {
    assertThatThrownBy(() -> set(rule(1, "a", "*"), rule(1, "b", "*").of("acme")))
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessage("two rules have the id 1");
  }

  @Test
  void aLimitKeyIsNamedByAnEnabledRuleOfItsTenant() {
    RuleSet set =
        set(rule(1, "alice", "login"), rule(2, "*", "upload").disabled(), rule(3, "*", "*"));

    assertThat(set.namesLimitKey("default", "login")).isTrue();
    assertThat(set.namesLimitKey("default", "upload")).isFalse();
    assertThat(set.namesLimitKey("acme", "login")).isFalse();
  }

  private static RuleSet set(RuleWriter... rules) {
    return new RuleSet(1, Stream.of(rules).map(RuleWriter::write).toList());
  }

  private static List<Long> ids(RuleSet set, String tenant, String client, String key) {
    return ids(set.match(tenant, client, key, NOW));
  }

  private static List<Long> ids(Match match) {
    return match.rules().stream().map(Rule::id).toList();
  }
}
