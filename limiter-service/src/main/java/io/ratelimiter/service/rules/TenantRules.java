package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rules of one tenant. Those that match and count by client and limit key alone have an index
 * of their own, the rules of every {@code by} a {@link Layer}.
 */
final class TenantRules {

  private final ClientKeyRules plain;
  private final List<Layer> layers;
  private final boolean timedLayers;
  private final Generations generations;
  private final LimitKeys limitKeys;

  /**
   * Indexes rules.
   *
   * @param rules the enabled ones
   * @param fallback applies to a check that matches no enforcing or exempt rule without {@code by}
   * @throws InvalidRuleSetException when they exceed the bounds of a tenant
   */
  TenantRules(List<AnyRule> rules, RuleCell fallback, Generations generations) {
    this.generations = generations;
    List<AnyRule> withoutBy = rules.stream().filter(rule -> rule.terms().by() == null).toList();
    boolean plainOnly = withoutBy.stream().allMatch(rule -> rule.terms().match().isEmpty());
    this.plain =
        new ClientKeyRules(
            plainOnly ? withoutBy : List.of(),
            plainOnly ? fallback : RuleCell.EMPTY,
            generations.first());
    this.layers = new ArrayList<>();
    if (!plainOnly) {
      layers.add(new Layer(null, withoutBy, fallback));
    }
    rules.stream()
        .filter(rule -> rule.terms().by() != null)
        .collect(Collectors.groupingBy(rule -> rule.terms().by()))
        .forEach((by, own) -> layers.add(new Layer(by, own, RuleCell.EMPTY)));
    this.timedLayers = layers.stream().anyMatch(Layer::timed);
    if (!layers.isEmpty()) {
      List<Layer> all = new ArrayList<>(layers);
      if (plainOnly) {
        all.add(new Layer(null, withoutBy, fallback));
      }
      TenantBounds.check(rules, all);
    }
    this.limitKeys = new LimitKeys(rules);
  }

  LimitKeys limitKeys() {
    return limitKeys;
  }

  Match match(Matchable check, long nowMillis) {
    MatchPlan plan = plain.find(check.clientId(), check.limitKey());
    Match fixed = plan.fixed();
    if (layers.isEmpty() && fixed != null) {
      return fixed;
    }
    List<Rule> applicable = new ArrayList<>();
    for (Layer layer : layers) {
      layer.addApplicable(applicable, check, nowMillis);
    }
    if (applicable.isEmpty() && fixed != null && !timedLayers) {
      return fixed;
    }
    plan.addApplicable(applicable, nowMillis);
    return MatchPlan.match(applicable, generations.at(nowMillis));
  }
}
