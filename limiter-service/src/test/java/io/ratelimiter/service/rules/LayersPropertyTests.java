package io.ratelimiter.service.rules;

import static io.ratelimiter.service.rules.RuleBuilder.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.ratelimiter.service.limiter.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Matching in layers by index equals a scan of all rules that follows the documented semantics. */
class LayersPropertyTests {

  private static final long SEED = 20_261_130;
  private static final int SETS = 10_000;
  private static final int CHECKS = 50;
  private static final int LAST_MILLIS = 4;
  private static final List<String> NAMES = List.of("ip", "plan");

  private final RandomChoices random = new RandomChoices(SEED);

  @Test
  void matchingEqualsANaiveScan() {
    long applied = 0;
    int sets = 0;
    for (int round = 0; round < SETS; round++) {
      List<AnyRule> rules = rules();
      try {
        RuleSet set = new RuleSet(round, rules);
        sets++;
        applied += compare(set);
      } catch (InvalidRuleSetException e) {
        assertThat(e).hasMessageContaining("at most 8 are possible");
      }
    }
    assertThat(sets).isGreaterThan(SETS * 8 / 10);
    assertThat(applied).as("rules that applied, seed %d", SEED).isGreaterThan(SETS * CHECKS / 2);
  }

  private long compare(RuleSet set) {
    long applied = 0;
    Map<Check, Map<Long, List<Rule>>> seen = new HashMap<>();
    for (int i = 0; i < CHECKS; i++) {
      Check check = check();
      long now = random.below(LAST_MILLIS + 1);
      Match match = set.match(check, now);
      List<Rule> expected = scan(set.rules(), check, now);
      assertThat(match.rules())
          .as("seed %d, %s at %d of %s", SEED, check, now, set.rules())
          .isEqualTo(expected);
      List<Rule> before =
          seen.computeIfAbsent(check, _ -> new HashMap<>())
              .putIfAbsent(match.generation(), expected);
      assertThat(before == null ? expected : before)
          .as("seed %d: one generation, one answer", SEED)
          .isEqualTo(expected);
      applied += expected.size();
    }
    return applied;
  }

  private Check check() {
    Map<String, String> attributes = new HashMap<>();
    for (String name : NAMES) {
      if (!random.oneIn(4)) {
        attributes.put(name, random.pick("1", "12", "123", "2"));
      }
    }
    return new Check(
        random.pick("default", "acme"),
        random.pick("a", "ab", "c"),
        random.pick("x", "xy", "z"),
        Attributes.of(attributes),
        1);
  }

  private List<AnyRule> rules() {
    List<AnyRule> rules = new ArrayList<>();
    int count = random.below(12);
    for (int id = 1; id <= count; id++) {
      RuleBuilder next =
          rule(id, random.pick("a", "ab", "*", "*"), random.pick("x", "xy", "*", "*"))
              .of(random.pick("default", "acme", "acme"));
      for (String name : NAMES) {
        next = random.oneIn(3) ? next.match(name, random.pick("1", "12", "1*", "12*", "*")) : next;
      }
      next =
          switch (random.below(8)) {
            case 0 -> next.by();
            case 1 -> next.by("ip");
            case 2 -> next.by("client_id");
            case 3 -> next.by("plan", "limit_key");
            default -> next;
          };
      next = random.oneIn(4) ? next.shadow() : next;
      next = random.exemptOrAlways(next, 8, 5);
      rules.add(random.validity(next, 5, LAST_MILLIS).build());
    }
    return rules;
  }

  /** Follows docs/rules.md: layer by layer, then the fallback. */
  private static List<Rule> scan(List<AnyRule> all, Check check, long now) {
    List<AnyRule> matching =
        all.stream()
            .filter(rule -> rule.tenant().equals(check.tenant()) && matches(rule, check, now))
            .toList();
    List<Rule> applying = new ArrayList<>();
    matching.stream()
        .map(rule -> rule.terms().by())
        .distinct()
        .forEach(by ->
            applying.addAll(
                chosen(
                    matching.stream()
                        .filter(rule -> Objects.equals(rule.terms().by(), by))
                        .toList(),
                    check)));
    boolean decided =
        matching.stream().anyMatch(rule -> rule.terms().by() == null && rule.mode() != Mode.SHADOW);
    if (!decided && !check.tenant().equals("default")) {
      applying.addAll(
          chosen(
              all.stream()
                  .filter(rule -> rule.tenant().equals("default") && everything(rule))
                  .filter(rule -> matches(rule, check, now))
                  .toList(),
              check));
    }
    return applying.stream()
        .sorted(Comparator.comparing(Rule::mode).thenComparing(Rule::id))
        .toList();
  }

  private static boolean everything(AnyRule rule) {
    RuleTerms terms = rule.terms();
    return terms.clientId().equals("*")
        && terms.limitKey().equals("*")
        && terms.match().isEmpty()
        && terms.by() == null;
  }

  private static boolean matches(AnyRule rule, Check check, long now) {
    RuleTerms terms = rule.terms();
    return rule.inForce(now)
        && (terms.by() == null
            || terms.by().stream().allMatch(name -> check.attribute(name) != null))
        && patterns(rule).entrySet().stream()
            .allMatch(one -> specificity(one.getValue(), check.attribute(one.getKey())) > 0);
  }

  private static Map<String, String> patterns(AnyRule rule) {
    Map<String, String> patterns = new TreeMap<>(rule.terms().match());
    patterns.put("client_id", rule.clientId());
    patterns.put("limit_key", rule.limitKey());
    return patterns;
  }

  /** 0 where it does not match; a pattern of no attribute is 1. */
  private static int specificity(String pattern, String value) {
    if (pattern == null) {
      return 1;
    }
    if (value == null) {
      return 0;
    }
    if (!pattern.endsWith("*")) {
      return pattern.equals(value) ? 1_000 : 0;
    }
    String prefix = pattern.substring(0, pattern.length() - 1);
    return value.startsWith(prefix) ? 2 + prefix.length() : 0;
  }

  private static Comparator<AnyRule> specific(Check check) {
    TreeSet<String> others = new TreeSet<>(NAMES);
    List<String> names = new ArrayList<>(List.of("client_id", "limit_key"));
    names.addAll(others);
    Comparator<AnyRule> order = Comparator.comparingInt(_ -> 0);
    for (String name : names) {
      order =
          order.thenComparingInt(
              rule -> -specificity(patterns(rule).get(name), check.attribute(name)));
    }
    return order;
  }

  /** The rules of one layer that apply: those of the chosen match and those beside it. */
  private static List<Rule> chosen(List<AnyRule> layer, Check check) {
    Comparator<AnyRule> order = specific(check);
    AnyRule best =
        layer.stream()
            .filter(rule -> rule.mode() != Mode.SHADOW && !always(rule))
            .min(order)
            .orElse(null);
    boolean exempt =
        best != null
            && layer.stream()
                .anyMatch(rule -> rule.mode() == Mode.EXEMPT && order.compare(rule, best) == 0);
    List<Rule> limits = new ArrayList<>();
    for (AnyRule any : layer) {
      if (any instanceof Rule rule) {
        boolean applies =
            rule.enforcing()
                ? best != null && order.compare(rule, best) == 0 && !exempt
                : best == null || order.compare(rule, best) <= 0;
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
}
