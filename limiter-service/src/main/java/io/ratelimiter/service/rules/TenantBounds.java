package io.ratelimiter.service.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of a tenant that has rules with {@code match} or {@code by}, so that a match needs a
 * bounded number of lookups and a check has a bounded number of limits. Rules with neither count as
 * no layer and no shape, because they add at most four lookups.
 */
final class TenantBounds {

  /** Max number of different {@code by}; an absent one counts too. */
  static final int MAX_LAYERS = 8;

  /** Max number of different sets of exactly matched attributes. */
  static final int MAX_SHAPES = 8;

  /**
   * Max number of limits of one check by the tenant's own rules. Those of the default tenant come
   * on top, at most {@value RuleSet#MAX_RULES_PER_CELL}: no tenant's rules become invalid by a
   * change of another's.
   */
  static final int MAX_LIMITS = 32;

  private TenantBounds() {}

  /**
   * Checks the bounds.
   *
   * @param rules the enabled rules of the tenant
   * @param layers of these rules
   * @param plainLimits max limits of one check by rules that are in none of the layers
   * @throws InvalidRuleSetException naming the bound
   */
  static void check(List<AnyRule> rules, List<Layer> layers, int plainLimits) {
    Set<@Nullable List<String>> by = new HashSet<>();
    Set<List<String>> shapes = new HashSet<>();
    for (AnyRule rule : rules) {
      if (!rule.terms().plain()) {
        by.add(rule.terms().by());
        shapes.add(CellMatch.of(rule.terms()).exactNames());
      }
    }
    String tenant = rules.getFirst().tenant();
    refuseAbove(MAX_LAYERS, by.size(), tenant, "different by");
    refuseAbove(MAX_SHAPES, shapes.size(), tenant, "different sets of exactly matched attributes");
    int limits = plainLimits;
    for (Layer layer : layers) {
      refuseAbove(
          Layer.MAX_PATTERNS,
          layer.maxPatterns(),
          tenant,
          "matches with the same exact values and by that differ in prefixes");
      limits += layer.maxLimits();
    }
    refuseAbove(MAX_LIMITS, limits, tenant, "limits that could apply to one check");
  }

  private static void refuseAbove(int max, int found, String tenant, String what) {
    if (found > max) {
      throw new InvalidRuleSetException(
          "the enabled rules of tenant %s have %d %s, and at most %d are possible"
              .formatted(tenant, found, what, max));
    }
  }
}
