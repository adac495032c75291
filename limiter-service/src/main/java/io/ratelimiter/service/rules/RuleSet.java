package io.ratelimiter.service.rules;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All rules at one revision; immutable. */
public final class RuleSet {

  private static final Comparator<AnyRule> BY_ID = Comparator.comparingLong(AnyRule::id);

  /** Max number of enabled rules with the same tenant, match and {@code by} as written. */
  public static final int MAX_RULES_PER_CELL = 8;

  private static final String DEFAULT_TENANT = "default";

  private record CellId(
      String tenant,
      String clientId,
      String limitKey,
      SortedMap<String, String> match,
      @Nullable List<String> by) {

    static CellId of(RuleTerms rule) {
      return new CellId(rule.tenant(), rule.clientId(), rule.limitKey(), rule.match(), rule.by());
    }

    @Override
    public String toString() {
      String more = match.isEmpty() ? "" : ", match " + match;
      return "tenant %s, client_id %s, limit_key %s".formatted(tenant, clientId, limitKey)
          + more
          + (by == null ? "" : ", by " + by);
    }
  }

  private record Name(String tenant, String name) {}

  private final long revision;
  private final List<AnyRule> rules;
  private final Generations generations;
  private final Map<String, TenantRules> tenants = new HashMap<>();
  private final TenantRules otherTenants;

  /**
   * The set of these rules.
   *
   * @param revision of the set as a whole
   * @throws InvalidRuleSetException when two rules have the same id, or the same tenant and name,
   *     or when the rules of a cell or of a tenant exceed their bounds
   */
  public RuleSet(long revision, List<? extends AnyRule> rules) {
    this(revision, rules, 0);
  }

  private RuleSet(long revision, List<? extends AnyRule> rules, long firstGeneration) {
    this.revision = revision;
    this.rules = rules.stream().<AnyRule>map(r -> r).sorted(BY_ID).toList();
    List<AnyRule> enabled = this.rules.stream().filter(AnyRule::enabled).toList();
    checkUnique();
    checkCells(enabled);
    this.generations = new Generations(firstGeneration, enabled);
    Map<String, List<AnyRule>> byTenant =
        enabled.stream().collect(Collectors.groupingBy(AnyRule::tenant));
    RuleCell fallback = fallback(byTenant.getOrDefault(DEFAULT_TENANT, List.of()));
    byTenant.forEach((tenant, own) -> {
      RuleCell others = tenant.equals(DEFAULT_TENANT) ? RuleCell.EMPTY : fallback;
      tenants.put(tenant, new TenantRules(own, others, generations));
    });
    this.otherTenants = new TenantRules(List.of(), fallback, generations);
  }

  /** The default tenant's rules for every client and limit key. */
  private static RuleCell fallback(List<AnyRule> rules) {
    return RuleCell.of(
        rules.stream()
            .filter(r -> r.terms().plain())
            .filter(r -> r.clientId().equals(Rule.WILDCARD) && r.limitKey().equals(Rule.WILDCARD))
            .toList());
  }

  private void checkUnique() {
    Set<Long> ids = new HashSet<>();
    Set<Name> names = new HashSet<>();
    for (AnyRule rule : rules) {
      if (!names.add(new Name(rule.tenant(), rule.name()))) {
        throw new InvalidRuleSetException(
            "two rules of tenant %s have the name %s".formatted(rule.tenant(), rule.name()));
      }
      if (!ids.add(rule.id())) {
        throw new InvalidRuleSetException("two rules have the id " + rule.id());
      }
    }
  }

  private static void checkCells(List<AnyRule> enabled) {
    Map<CellId, Integer> counts = new HashMap<>();
    for (AnyRule rule : enabled) {
      CellId cell = CellId.of(rule.terms());
      if (counts.merge(cell, 1, Integer::sum) > MAX_RULES_PER_CELL) {
        throw new InvalidRuleSetException(
            "more than %d enabled rules for %s".formatted(MAX_RULES_PER_CELL, cell));
      }
    }
  }

  /** The set that replaces this one; the generations of its matches are higher. */
  public RuleSet replacedBy(long newRevision, List<? extends AnyRule> newRules) {
    return new RuleSet(newRevision, newRules, generations.next());
  }

  /** Revision of the set as a whole. */
  public long revision() {
    return revision;
  }

  /** All rules by ascending id, including those that are not in force. */
  public List<AnyRule> rules() {
    return rules;
  }

  /**
   * The rule of this set that counts on the same counters as an earlier version of it, or that
   * version itself if there is none. The cost grows with the logarithm of the number of rules.
   */
  public Rule inForce(Rule earlier) {
    int index = Collections.binarySearch(rules, earlier, BY_ID);
    return index >= 0 && rules.get(index) instanceof Rule rule && rule.countsAs(earlier)
        ? rule
        : earlier;
  }

  /**
   * The rules that apply to a check. The cost does not depend on the number of rules. For a tenant
   * whose rules have neither {@code match} nor {@code by} it allocates nothing, unless the result
   * depends on the time, or a client and a limit key each have rules but none together.
   *
   * @param nowMillis the service's clock, milliseconds since 1970; {@code valid_from} and {@code
   *     valid_until} count to the millisecond
   */
  public Match match(Matchable check, long nowMillis) {
    return tenants.getOrDefault(check.tenant(), otherTenants).match(check, nowMillis);
  }

  /** Whether an enabled rule of this tenant has this limit key as written. */
  public boolean namesLimitKey(String tenant, String limitKey) {
    return tenants.getOrDefault(tenant, otherTenants).limitKeys().written(limitKey);
  }

  /**
   * The longest prefix of this limit key that an enabled rule of this tenant matches; null if there
   * is none.
   */
  public @Nullable String limitKeyPrefix(String tenant, String limitKey) {
    return tenants.getOrDefault(tenant, otherTenants).limitKeys().longestPrefix(limitKey);
  }
}
