package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleWriter.rule;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Matching by index equals a scan of all rules that follows the semantics word by word. */
class RuleSetPropertyTests {

  private static final long SEED = 20_261_124;
  private static final int SETS = 3_000;
  private static final int LAST_MILLIS = 6;

  private final RandomGenerator random = new java.util.Random(SEED);

  @Test
  void matchingEqualsANaiveScan() {
    long applied = 0;
    for (int round = 0; round < SETS; round++) {
      RuleSet set = new RuleSet(round, rules());
      for (String tenant : List.of("default", "acme", "other")) {
        applied += compare(set, tenant);
      }
    }
    // Rules that never apply would agree as well.
    assertThat(applied).as("rules that applied, seed %d", SEED).isGreaterThan(SETS * 50L);
  }

  private long compare(RuleSet set, String tenant) {
    long applied = 0;
    Map<String, Map<Long, List<Rule>>> seen = new HashMap<>();
    for (String client : List.of("a", "b", "c")) {
      for (String key : List.of("x", "y", "z")) {
        for (long now = 0; now <= LAST_MILLIS; now++) {
          Match match = set.match(tenant, client, key, now);
          List<Rule> expected = scan(set.rules(), new Asked(tenant, client, key, now));
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

  private List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    int count = random.nextInt(12);
    for (int id = 1; id <= count; id++) {
      RuleWriter next =
          rule(id, pick("a", "b", "*"), pick("x", "y", "*")).of(pick("default", "acme"));
      next = random.nextInt(3) == 0 ? next.shadow() : next;
      next = random.nextInt(8) == 0 ? next.disabled() : next;
      next = random.nextInt(4) == 0 ? next.forAlways() : next;
      long from = random.nextInt(LAST_MILLIS);
      next = random.nextInt(4) == 0 ? next.from(from) : next;
      next = random.nextInt(4) == 0 ? next.until(from + 1 + random.nextInt(3)) : next;
      rules.add(next.write());
    }
    return rules;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private record Asked(String tenant, String client, String key, long now) {

    boolean matches(Rule rule) {
      return rule.inForce(now)
          && (rule.clientId().equals("*") || rule.clientId().equals(client))
          && (rule.limitKey().equals("*") || rule.limitKey().equals(key));
    }
  }

  private static List<Rule> scan(List<Rule> all, Asked asked) {
    Stream<Rule> own = all.stream().filter(rule -> rule.tenant().equals(asked.tenant()));
    boolean enforces =
        all.stream()
            .filter(rule -> rule.tenant().equals(asked.tenant()))
            .anyMatch(rule -> rule.enforcing() && rule.inForce(asked.now()));
    Stream<Rule> lent =
        all.stream()
            .filter(rule -> !asked.tenant().equals("default") && !enforces)
            .filter(rule -> rule.tenant().equals("default") && level(rule) == 4);
    List<Rule> matching = Stream.concat(own, lent).filter(asked::matches).toList();
    OptionalInt chosen =
        matching.stream()
            .filter(rule -> rule.enforcing() && !rule.always())
            .mapToInt(RuleSetPropertyTests::level)
            .min();
    return matching.stream()
        .filter(rule -> rule.always() || applies(rule, chosen))
        .sorted(Comparator.comparing(Rule::mode).thenComparing(Rule::id))
        .toList();
  }

  private static boolean applies(Rule rule, OptionalInt chosen) {
    return rule.enforcing()
        ? level(rule) == chosen.orElseThrow()
        : chosen.isEmpty() || level(rule) <= chosen.orElseThrow();
  }

  /** From 1, the most specific, to 4. */
  private static int level(Rule rule) {
    return 1 + (rule.clientId().equals("*") ? 2 : 0) + (rule.limitKey().equals("*") ? 1 : 0);
  }
}
