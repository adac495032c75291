package io.ratelimiter.service.rules;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules of one moment, immutable. */
public final class RuleSet {

  private record Cell(String tenant, String clientId, String limitKey) {}

  private static final String DEFAULT_TENANT = "default";

  private final long revision;
  private final List<Rule> rules;
  private final Map<Cell, List<Rule>> cells = new HashMap<>();

  /**
   * The set of these rules.
   *
   * @param revision of the set as a whole
   */
  public RuleSet(long revision, List<Rule> rules) {
    this.revision = revision;
    this.rules = rules.stream().sorted(Comparator.comparingLong(Rule::id)).toList();
    for (Rule rule : this.rules) {
      cells
          .computeIfAbsent(
              new Cell(rule.tenant(), rule.clientId(), rule.limitKey()), _ -> new ArrayList<>())
          .add(rule);
    }
  }

  /** Revision of the set as a whole. */
  public long revision() {
    return revision;
  }

  /** All rules, ordered by id, those not in force included. */
  public List<Rule> rules() {
    return rules;
  }

  /** The rules that apply to this client and limit key at {@code now}. */
  public Match match(String tenant, String clientId, String limitKey, Instant now) {
    List<Rule> found = new ArrayList<>();
    for (Cell cell :
        List.of(
            new Cell(tenant, clientId, limitKey),
            new Cell(tenant, clientId, Rule.WILDCARD),
            new Cell(tenant, Rule.WILDCARD, limitKey),
            new Cell(tenant, Rule.WILDCARD, Rule.WILDCARD),
            new Cell(DEFAULT_TENANT, Rule.WILDCARD, Rule.WILDCARD))) {
      for (Rule rule : cells.getOrDefault(cell, List.of())) {
        if (rule.inForce(now)) {
          found.add(rule);
        }
      }
      if (!found.isEmpty()) {
        break;
      }
    }
    return new Match(found, revision);
  }
}
