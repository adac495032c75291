package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static io.ratelimiter.service.rules.RuleSets.ids;
import static io.ratelimiter.service.rules.RuleSets.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExemptRuleTests {

  @Test
  void anExemptRuleTakesPartInTheChoiceAndItsLevelHasNoLimits() {
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
  void anExemptRuleWinsOverOtherRulesOfItsCell() {
    RuleSet set =
        set(
            rule(1, "alice", "*"),
            rule(2, "alice", "*").exempt(),
            rule(3, "alice", "*").always(),
            rule(4, "alice", "*").shadow(),
            rule(5, "*", "*").shadow(),
            rule(6, "*", "*").always());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(3L, 6L, 4L);
  }

  @Test
  void aDisabledExemptRuleExemptsFromNothing() {
    RuleSet set = set(rule(1, "*", "*"), rule(2, "alice", "*").exempt().disabled());

    assertThat(ids(set, "default", "alice", "login")).containsExactly(1L);
  }

  @Test
  void anExemptRuleCountsAmongTheEightOfItsCell() {
    Stream<RuleBuilder> nine = IntStream.rangeClosed(1, 9).mapToObj(id -> rule(id, "alice", "*"));

    assertThatThrownBy(() -> set(nine.map(RuleBuilder::exempt).toArray(RuleBuilder[]::new)))
        .isInstanceOf(InvalidRuleSetException.class)
        .hasMessageContaining("more than 8 enabled rules");
  }
}
