package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one tenant that have neither {@code match} nor {@code by}, indexed so that a match
 * needs at most four hash lookups.
 */
final class ClientKeyRules {

  /** Those of client and key, of the client, of the key, and of everything. */
  private static final int CELLS_OF_A_CHECK = 4;

  private final RuleCell fallback;
  private final long generation;

  /** Rules for every client and one limit key. */
  private final Map<String, RuleCell> cellsByKey;

  /** Rules for every client and every limit key. */
  private final RuleCell everything;

  private final Map<String, NamedClient> namedClients = new HashMap<>();
  private final Map<String, MatchPlan> otherClientsByKey = new HashMap<>();
  private final MatchPlan otherClients;
  private final int maxLimits;

  /**
   * The rules that name one client.
   *
   * @param byKey for each limit key that they name
   * @param otherKeys for all other limit keys
   * @param anyKey the client's rules for every limit key
   */
  private record NamedClient(Map<String, MatchPlan> byKey, MatchPlan otherKeys, RuleCell anyKey) {}

  /**
   * @param rules the enabled ones
   * @param fallback applies to a check that matches no enforcing or exempt rule of the tenant
   * @param generation of matches that do not depend on the time
   */
  ClientKeyRules(List<AnyRule> rules, RuleCell fallback, long generation) {
    this.fallback = fallback;
    this.generation = generation;
    Map<String, Map<String, RuleCell>> cells = cellsByClient(rules);
    Map<String, RuleCell> everyClient = cells.getOrDefault(Rule.WILDCARD, Map.of());
    this.maxLimits = maxLimits(cells);
    this.cellsByKey = withoutWildcard(everyClient);
    this.everything = everyClient.getOrDefault(Rule.WILDCARD, RuleCell.EMPTY);
    this.otherClients = plan(everything);
    cellsByKey.forEach((key, cell) -> otherClientsByKey.put(key, plan(cell, everything)));
    withoutWildcard(cells).forEach((client, own) -> namedClients.put(client, namedClient(own)));
  }

  private static Map<String, Map<String, RuleCell>> cellsByClient(List<AnyRule> rules) {
    return rules.stream()
        .collect(
            Collectors.groupingBy(
                AnyRule::clientId,
                Collectors.groupingBy(
                    AnyRule::limitKey,
                    Collectors.collectingAndThen(Collectors.toList(), RuleCell::of))));
  }

  private static <T> Map<String, T> withoutWildcard(Map<String, T> all) {
    Map<String, T> named = new HashMap<>(all);
    named.remove(Rule.WILDCARD);
    return named;
  }

  private NamedClient namedClient(Map<String, RuleCell> cells) {
    RuleCell anyKey = cells.getOrDefault(Rule.WILDCARD, RuleCell.EMPTY);
    Map<String, MatchPlan> byKey = new HashMap<>();
    withoutWildcard(cells)
        .forEach((key, cell) ->
            byKey.put(
                key, plan(cell, anyKey, cellsByKey.getOrDefault(key, RuleCell.EMPTY), everything)));
    return new NamedClient(byKey, plan(anyKey, everything), anyKey);
  }

  private MatchPlan plan(RuleCell... mostSpecificFirst) {
    return new MatchPlan(List.of(mostSpecificFirst), fallback, generation);
  }

  /** Max number of its own limits that apply to one check; those of the fallback come on top. */
  int maxLimits() {
    return maxLimits;
  }

  private static int maxLimits(Map<String, Map<String, RuleCell>> cellsByClient) {
    int chosen = 0;
    int[] beside = new int[CELLS_OF_A_CHECK];
    for (Map.Entry<String, Map<String, RuleCell>> client : cellsByClient.entrySet()) {
      int ofClient = client.getKey().equals(Rule.WILDCARD) ? 0 : 2;
      for (Map.Entry<String, RuleCell> cell : client.getValue().entrySet()) {
        int kind = ofClient + (cell.getKey().equals(Rule.WILDCARD) ? 0 : 1);
        chosen = Math.max(chosen, cell.getValue().competing());
        beside[kind] = Math.max(beside[kind], cell.getValue().beside());
      }
    }
    return chosen + Arrays.stream(beside).sum();
  }

  MatchPlan find(String clientId, String limitKey) {
    NamedClient client = namedClients.get(clientId);
    if (client == null) {
      return otherClientsByKey.getOrDefault(limitKey, otherClients);
    }
    MatchPlan named = client.byKey.get(limitKey);
    return named != null ? named : otherKey(client, cellsByKey.get(limitKey));
  }

  /** The plan where a client and a limit key each have rules, but none for the two together. */
  private MatchPlan otherKey(NamedClient client, @Nullable RuleCell ofKey) {
    if (ofKey == null) {
      return client.otherKeys;
    }
    boolean clientDecides = !client.anyKey.timed() && client.anyKey.choosable(0);
    // Computed for each check: stored for every such pair, plans could outgrow the rules.
    return clientDecides && !ofKey.hasAlways()
        ? client.otherKeys
        : plan(client.anyKey, ofKey, everything);
  }
}
