package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of one moment, immutable. */
public final class RuleSet {

  /** How many enabled rules may have the same tenant, client id and limit key as written. */
  public static final int MAX_RULES_PER_CELL = 8;

  private static final String DEFAULT_TENANT = "default";

  private record Place(String tenant, String clientId, String limitKey) {}

  private record Name(String tenant, String name) {}

  private final long revision;
  private final List<AnyRule> rules;
  private final long generation;
  private final long[] switchesMillis;
  private final Map<String, TenantRules> tenants = new HashMap<>();
  private final TenantRules unknownTenant;

  /**
   * The set of these rules.
   *
   * @param revision of the set as a whole
   * @throws InvalidRuleSetException when two share an id or a name, or a cell is overfull
   */
  public RuleSet(long revision, List<? extends AnyRule> rules) {
    this(revision, rules, 0);
  }

  private RuleSet(long revision, List<? extends AnyRule> rules, long generation) {
    this.revision = revision;
    this.rules =
        rules.stream().<AnyRule>map(r -> r).sorted(Comparator.comparingLong(AnyRule::id)).toList();
    this.generation = generation;
    List<AnyRule> enabled = this.rules.stream().filter(AnyRule::enabled).toList();
    checkUnique();
    checkCells(enabled);
    this.switchesMillis = switches(enabled);
    Map<String, List<AnyRule>> byTenant =
        enabled.stream().collect(Collectors.groupingBy(AnyRule::tenant));
    Cell shared = new Cell(everybodys(byTenant.getOrDefault(DEFAULT_TENANT, List.of())));
    byTenant.forEach((tenant, own) -> tenants.put(tenant, tenantRules(tenant, own, shared)));
    this.unknownTenant = tenantRules("", List.of(), shared);
  }

  private TenantRules tenantRules(String tenant, List<AnyRule> own, Cell shared) {
    Cell fallback = tenant.equals(DEFAULT_TENANT) ? Cell.EMPTY : shared;
    return new TenantRules(own, fallback, generation);
  }

  private static List<AnyRule> everybodys(List<AnyRule> rules) {
    return rules.stream()
        .filter(r -> r.clientId().equals(Rule.WILDCARD) && r.limitKey().equals(Rule.WILDCARD))
        .toList();
  }

  private static long[] switches(List<AnyRule> enabled) {
    return enabled.stream()
        .flatMap(rule -> Stream.of(rule.validFrom(), rule.validUntil()))
        .filter(Objects::nonNull)
        .mapToLong(Instant::toEpochMilli)
        .sorted()
        .distinct()
        .toArray();
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
    Map<Place, Integer> counts = new HashMap<>();
    for (AnyRule rule : enabled) {
      Place place = new Place(rule.tenant(), rule.clientId(), rule.limitKey());
      if (counts.merge(place, 1, Integer::sum) > MAX_RULES_PER_CELL) {
        throw new InvalidRuleSetException(
            "more than %d enabled rules for tenant %s, client_id %s, limit_key %s"
                .formatted(MAX_RULES_PER_CELL, place.tenant(), place.clientId(), place.limitKey()));
      }
    }
  }

  /** The set that replaces this one: its matches have generations that this one's never have. */
  public RuleSet replacedBy(long newRevision, List<? extends AnyRule> newRules) {
    return new RuleSet(newRevision, newRules, generation + switchesMillis.length + 1);
  }

  /** Revision of the set as a whole. */
  public long revision() {
    return revision;
  }

  /** All rules, ordered by id, those not in force included. */
  public List<AnyRule> rules() {
    return rules;
  }

  /**
   * The rules that apply to this client and limit key. Costs the same whatever the number of rules,
   * and allocates nothing unless the clock has a say in the answer, or a client and a key have
   * rules of their own but none together.
   *
   * @param nowMillis the service's clock, milliseconds since 1970; {@code valid_from} and {@code
   *     valid_until} hold to the millisecond
   */
  public Match match(String tenant, String clientId, String limitKey, long nowMillis) {
    Levels levels = tenants.getOrDefault(tenant, unknownTenant).find(clientId, limitKey);
    Match fixed = levels.fixed();
    return fixed != null ? fixed : levels.compute(nowMillis, generationAt(nowMillis));
  }

  /** Whether an enabled rule of this tenant has this limit key as written, for any client. */
  public boolean namesLimitKey(String tenant, String limitKey) {
    return tenants.getOrDefault(tenant, unknownTenant).names(limitKey);
  }

  private long generationAt(long nowMillis) {
    int found = Arrays.binarySearch(switchesMillis, nowMillis);
    return generation + (found >= 0 ? found + 1 : -found - 1);
  }
}
