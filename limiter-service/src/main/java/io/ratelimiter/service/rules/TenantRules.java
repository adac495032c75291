package io.ratelimiter.service.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One tenant's rules, laid out so that a lookup costs four hash lookups at most. */
final class TenantRules {

  private final Cell fallback;
  private final long generation;
  private final Map<String, Cell> cellsByKey;
  private final Cell anything;
  private final Set<String> limitKeys;
  private final Map<String, ClientRules> clients = new HashMap<>();
  private final Map<String, Levels> strangersByKey = new HashMap<>();
  private final Levels strangers;

  /** Rules that name one client: for each limit key that they name, and for the others. */
  private record ClientRules(Map<String, Levels> byKey, Levels otherKeys, Cell anyKey) {}

  /**
   * @param rules the enabled ones
   * @param fallback the rules that apply to a check that no enforcing or exempt rule of the tenant
   *     matches
   */
  TenantRules(List<AnyRule> rules, Cell fallback, long generation) {
    this.fallback = fallback;
    this.generation = generation;
    this.limitKeys = rules.stream().map(AnyRule::limitKey).collect(Collectors.toUnmodifiableSet());
    Map<String, Map<String, Cell>> cells = cellsByClient(rules);
    Map<String, Cell> everyone = cells.getOrDefault(Rule.WILDCARD, Map.of());
    this.cellsByKey = withoutWildcard(everyone);
    this.anything = everyone.getOrDefault(Rule.WILDCARD, Cell.EMPTY);
    this.strangers = levels(anything);
    cellsByKey.forEach((key, cell) -> strangersByKey.put(key, levels(cell, anything)));
    withoutWildcard(cells).forEach((client, byKey) -> clients.put(client, clientRules(byKey)));
  }

  private static Map<String, Map<String, Cell>> cellsByClient(List<AnyRule> rules) {
    return rules.stream()
        .collect(
            Collectors.groupingBy(
                AnyRule::clientId,
                Collectors.groupingBy(
                    AnyRule::limitKey,
                    Collectors.collectingAndThen(Collectors.toList(), Cell::new))));
  }

  private static <T> Map<String, T> withoutWildcard(Map<String, T> all) {
    Map<String, T> named = new HashMap<>(all);
    named.remove(Rule.WILDCARD);
    return named;
  }

  private ClientRules clientRules(Map<String, Cell> cells) {
    Cell anyKey = cells.getOrDefault(Rule.WILDCARD, Cell.EMPTY);
    Map<String, Levels> byKey = new HashMap<>();
    withoutWildcard(cells)
        .forEach((key, cell) ->
            byKey.put(
                key, levels(cell, anyKey, cellsByKey.getOrDefault(key, Cell.EMPTY), anything)));
    return new ClientRules(byKey, levels(anyKey, anything), anyKey);
  }

  private Levels levels(Cell... mostSpecificFirst) {
    return new Levels(List.of(mostSpecificFirst), fallback, generation);
  }

  boolean names(String limitKey) {
    return limitKeys.contains(limitKey);
  }

  Levels find(String clientId, String limitKey) {
    ClientRules client = clients.get(clientId);
    if (client == null) {
      return strangersByKey.getOrDefault(limitKey, strangers);
    }
    Levels named = client.byKey.get(limitKey);
    return named != null ? named : otherKey(client, cellsByKey.get(limitKey));
  }

  /** A client with rules of its own and a key with rules of its own, but none for the two. */
  private Levels otherKey(ClientRules client, @Nullable Cell ofKey) {
    if (ofKey == null) {
      return client.otherKeys;
    }
    boolean clientDecides = !client.anyKey.timed() && client.anyKey.choosable(0);
    // Worked out on each check: kept for every such pair it could outgrow the rules themselves.
    return clientDecides && !ofKey.hasAlways()
        ? client.otherKeys
        : levels(client.anyKey, ofKey, anything);
  }
}
