package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Matching by index equals a scan of all rules that follows the documented semantics. */
class RuleSetPropertyTests {

  private static final long SEED = 20_261_124;
  private static final int SETS = 6_000;
  private static final int LAST_MILLIS = 6;

  private final RandomChoices random = new RandomChoices(SEED);

  @Test
  void matchingEqualsANaiveScan() {
    long applied = 0;
    for (int round = 0; round < SETS; round++) {
      RuleSet set = new RuleSet(round, rules());
      for (String tenant : List.of("default", "acme", "other")) {
        applied += compare(set, tenant);
      }
    }
    // Without a rule that applies, the comparison would prove nothing.
    assertThat(applied).as("rules that applied, seed %d", SEED).isGreaterThan(SETS * 50L);
  }

  private long compare(RuleSet set, String tenant) {
    long applied = 0;
    Map<String, Map<Long, List<Rule>>> seen = new HashMap<>();
    for (String client : List.of("a", "b", "c")) {
      for (String key : List.of("x", "y", "z")) {
        for (long now = 0; now <= LAST_MILLIS; now++) {
          Match match = set.match(new Check(tenant, client, key, 1), now);
          List<Rule> expected = scan(set.rules(), new Query(tenant, client, key, now));
          assertThat(match.rules())
              .as("seed %d, %s/%s/%s at %d of %s", SEED, tenant, client, key, now, set.rules())
              .isEqualTo(expected);
          List<Rule> before =
              seen.computeIfAbsent(client + key, _ -> new HashMap<>())
                  .putIfAbsent(match.generation(), expected);
          assertThat(before == null ? expected : before)
              .as("seed %d: one generation, one answer", SEED)
              .isEqualTo(expected);
          applied += expected.size();
        }
      }
    }
    return applied;
  }

  private List<AnyRule> rules() {
    List<AnyRule> rules = new ArrayList<>();
    int count = random.below(12);
    for (int id = 1; id <= count; id++) {
      RuleBuilder next =
          rule(id, random.pick("a", "b", "*"), random.pick("x", "y", "*"))
              .of(random.pick("default", "acme"));
      next = random.oneIn(3) ? next.shadow() : next;
      next = random.oneIn(8) ? next.disabled() : next;
      next = random.exemptOrAlways(next, 6, 4);
      rules.add(random.validity(next, 4, LAST_MILLIS).build());
    }
    return rules;
  }

  private record Query(String tenant, String client, String key, long now) {

    boolean matches(AnyRule rule) {
      return rule.inForce(now)
          && (rule.clientId().equals("*") || rule.clientId().equals(client))
          && (rule.limitKey().equals("*") || rule.limitKey().equals(key));
    }
  }

  /** Follows the documented section "Which rules apply" sentence by sentence. */
  private static List<Rule> scan(List<AnyRule> all, Query query) {
    List<AnyRule> own =
        all.stream()
            .filter(rule -> rule.tenant().equals(query.tenant()) && query.matches(rule))
            .toList();
    List<Rule> applying = new ArrayList<>(chosen(own));
    // A check that no enforcing rule of its tenant matches, nor an exempt one, uses tenant
    // default's.
    if (own.stream().allMatch(rule -> rule.mode() == Mode.SHADOW)) {
      applying.addAll(
          chosen(
              all.stream()
                  .filter(_ -> !query.tenant().equals("default"))
                  .filter(rule -> rule.tenant().equals("default") && level(rule) == 4)
                  .filter(query::matches)
                  .toList()));
    }
    return applying.stream()
        .sorted(Comparator.comparing(Rule::mode).thenComparing(Rule::id))
        .toList();
  }

  /** The matching rules that apply: those of the chosen level and those that apply beside it. */
  private static List<Rule> chosen(List<AnyRule> matching) {
    List<Rule> limits = new ArrayList<>();
    OptionalInt level =
        matching.stream()
            .filter(rule -> rule.mode() != Mode.SHADOW && !always(rule))
            .mapToInt(RuleSetPropertyTests::level)
            .min();
    boolean exempt =
        matching.stream()
            .anyMatch(rule -> rule.mode() == Mode.EXEMPT && level(rule) == level.orElse(0));
    for (AnyRule any : matching) {
      if (any instanceof Rule rule) {
        boolean applies =
            switch (rule.mode()) {
              case ENFORCE -> level(rule) == level.orElse(0) && !exempt;
              case SHADOW -> level(rule) <= level.orElse(4);
              case EXEMPT -> throw new AssertionError("it has no limit");
            };
        if (rule.always() || applies) {
          limits.add(rule);
        }
      }
    }
    return limits;
  }

  private static boolean always(AnyRule rule) {
    return rule instanceof Rule limit && limit.always();
  }

  /** From 1, the most specific, to 4. */
  private static int level(AnyRule rule) {
    return 1 + (rule.clientId().equals("*") ? 2 : 0) + (rule.limitKey().equals("*") ? 1 : 0);
  }
}
