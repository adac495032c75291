package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static io.ratelimiter.service.rules.RuleSets.ids;
import static io.ratelimiter.service.rules.RuleSets.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ratelimiter.service.limiter.Check;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleSetTests {

  private static final long NOW = 1_000;

  /** Rules 1 to 4 on the four levels, most specific first, and one for another client. */
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

    assertThat(set.match(new Check("default", client, key, 1), NOW).rules())
        .extracting(rule -> rule.policy().limit())
        .containsExactly(limit);
  }

  private static AnyRule limited(long id, String client, String key, long limit) {
    return rule(id, client, key).policy(new Policy.TokenBucket(limit, 60, limit)).build();
  }

  @Test
  void allRulesOfTheChosenLevelApplyTogether() {
    RuleSet set = set(rule(7, "alice", "*"), rule(3, "alice", "*"), rule(1, "*", "*"));

    assertThat(ids(set, "default", "alice", "login")).containsExactly(3L, 7L);
  }

  @Test
  void anAlwaysRuleAppliesBesideTheChosenLevelAndNeverChoosesIt() {
    RuleSet set =
        set(
            rule(1, "alice", "login"),
            rule(2, "alice", "*").always(),
            rule(3, "*", "*"),
            rule(4, "*", "*").always());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L, 2L, 4L);
    assertThat(ids(set, "default", "alice", "search")).containsExactly(2L, 3L, 4L);
    assertThat(ids(set, "default", "bob", "login")).containsExactly(3L, 4L);
  }

  @Test
  void anAlwaysRuleOfAKeyAppliesToAClientWithRulesOfItsOwnToo() {
    RuleSet set = set(rule(1, "alice", "*"), rule(2, "*", "login").always());

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
  void anAlwaysShadowRuleIsEvaluatedWhateverLevelIsChosen() {
    RuleSet set = set(rule(1, "alice", "login"), rule(2, "*", "*").shadow().always());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L, 2L);
  }

  @Test
  void disabledRulesDoNotApplyAndAreListed() {
    RuleSet set = set(rule(1, "alice", "*").disabled(), rule(2, "*", "*"));

    assertThat(ids(set, "default", "alice", "login")).containsExactly(2L);
    assertThat(set.rules()).extracting(AnyRule::id).containsExactly(1L, 2L);
  }

  @Test
  void aTenantsRulesApplyToNoOtherTenant() {
    RuleSet set = set(rule(1, "alice", "*"), rule(2, "alice", "*").of("acme"));

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L);
    assertThat(ids(set, "acme", "alice", "login")).containsExactly(2L);
    assertThat(ids(set, "acme", "bob", "login")).isEmpty();
  }

  @Test
  void ofAnEmptySetNoRuleApplies() {
    assertThat(ids(set(), "default", "alice", "login")).isEmpty();
  }

  @Test
  void aRuleIsInForceFromValidFromUntilJustBeforeValidUntil() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").from(10).until(20));

    assertThat(
            Stream.of(9, 10, 19, 20)
                .map(now -> ids(set.match(new Check("default", "alice", "login", 1), now))))
        .containsExactly(List.of(1L), List.of(2L), List.of(2L), List.of(1L));
  }

  @Test
  void eachStartAndEndOfARuleIsANewGeneration() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").from(10).until(20));

    assertThat(
            Stream.of(9, 10, 19, 20, 30)
                .map(now -> set.match(new Check("default", "alice", "login", 1), now).generation())
                .toList())
        .containsExactly(0L, 1L, 1L, 2L, 2L);
  }

  @Test
  void aReplacedSetHasNoGenerationInCommonWithTheOneBefore() {
    RuleSet first = set(rule(1, "*", "*").from(10).until(20));
    RuleSet second = first.replacedBy(1, first.rules());

    long last = first.match(new Check("default", "alice", "login", 1), 30).generation();
    assertThat(second.match(new Check("default", "alice", "login", 1), 0).generation())
        .isGreaterThan(last);
  }

  @Test
  void aMatchThatDoesNotDependOnTheTimeIsOneObject() {
    assertThat(levels.match(new Check("default", "alice", "login", 1), 1))
        .isSameAs(levels.match(new Check("default", "alice", "login", 1), 2));
    assertThat(levels.match(new Check("default", "alice", "search", 1), 1))
        .isSameAs(levels.match(new Check("default", "alice", "upload", 1), 2));
  }

  @Test
  void nineEnabledRulesInOneCellAreRefused() {
    Stream<RuleBuilder> eight = IntStream.rangeClosed(1, 8).mapToObj(id -> rule(id, "alice", "*"));
    List<AnyRule> rules =
        Stream.concat(eight, Stream.of(rule(9, "alice", "*").disabled()))
            .map(RuleBuilder::build)
            .toList();
    assertThat(new RuleSet(1, rules).match(new Check("default", "alice", "x", 1), NOW).rules())
        .hasSize(8);

    assertThatThrownBy(() ->
            new RuleSet(
                1,
                Stream.concat(rules.stream(), Stream.of(rule(10, "alice", "*").build())).toList()))
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
}
