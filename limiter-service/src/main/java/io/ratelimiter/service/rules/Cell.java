package io.ratelimiter.service.rules;

import java.util.Comparator;
import java.util.List;

/** The enabled rules of one (tenant, client id, limit key) as written. */
final class Cell {

  static final Cell EMPTY = new Cell(List.of());

  private final List<Rule> rules;
  private final boolean timed;

  Cell(List<Rule> rules) {
    this.rules = rules.stream().sorted(Comparator.comparingLong(Rule::id)).toList();
    this.timed = rules.stream().anyMatch(Rule::timed);
  }

  /** Ordered by id. */
  List<Rule> rules() {
    return rules;
  }

  /** Whether the clock has a say in what applies. */
  boolean timed() {
    return timed;
  }

  boolean hasAlways() {
    return rules.stream().anyMatch(Rule::always);
  }

  /** Whether a level that consists of this cell is chosen, unless a more specific one is. */
  boolean choosable(long nowMillis) {
    for (Rule rule : rules) {
      if (rule.enforcing() && !rule.always() && rule.inForce(nowMillis)) {
        return true;
      }
    }
    return false;
  }
}
