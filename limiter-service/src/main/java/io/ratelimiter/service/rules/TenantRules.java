package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rules of one tenant. Each {@code by} has a {@link Layer}. The rules without {@code by} have
 * the faster index {@link ClientKeyRules} instead, if none of them has a {@code match}.
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
   * @param rules the enabled rules of the tenant
   * @param fallback applies to a check that matches no enforcing or exempt rule without {@code by}
   * @throws InvalidRuleSetException when they exceed the bounds of a tenant
   */
  TenantRules(List<AnyRule> rules, RuleCell fallback, Generations generations) {
    this.generations = generations;
    List<AnyRule> withoutBy = rules.stream().filter(rule -> rule.terms().by() == null).toList();
    boolean plainOnly = withoutBy.stream().allMatch(rule -> rule.terms().plain());
    this.plain =
        new ClientKeyRules(
            plainOnly ? withoutBy : List.of(),
            plainOnly ? fallback : RuleCell.EMPTY,
            generations.first());
    this.layers = layersWithBy(rules);
    if (!plainOnly) {
      layers.add(new Layer(null, withoutBy, fallback));
    }
    if (!layers.isEmpty()) {
      TenantBounds.check(rules, layers, plain.maxLimits());
    }
    this.timedLayers = layers.stream().anyMatch(Layer::timed);
    this.limitKeys = new LimitKeys(rules);
  }

  private static List<Layer> layersWithBy(List<AnyRule> rules) {
    return rules.stream()
        .filter(rule -> rule.terms().by() != null)
        .collect(Collectors.groupingBy(rule -> rule.terms().by()))
        .entrySet()
        .stream()
        .map(layer -> new Layer(layer.getKey(), layer.getValue(), RuleCell.EMPTY))
        .collect(Collectors.toCollection(ArrayList::new));
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
