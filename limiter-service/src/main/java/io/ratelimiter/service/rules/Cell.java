package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.List;

/** The enabled rules of one (tenant, client id, limit key) as written. */
final class Cell {

  static final Cell EMPTY = new Cell(List.of());

  private final List<Rule> limiting;
  private final List<ExemptRule> exempting;
  private final boolean timed;

  Cell(List<AnyRule> rules) {
    List<Rule> limits = new ArrayList<>();
    List<ExemptRule> exemptions = new ArrayList<>();
    for (AnyRule rule : rules) {
      switch (rule) {
        case Rule limit -> limits.add(limit);
        case ExemptRule exemption -> exemptions.add(exemption);
      }
    }
    this.limiting = List.copyOf(limits);
    this.exempting = List.copyOf(exemptions);
    this.timed = rules.stream().anyMatch(AnyRule::timed);
  }

  /** The rules that limit, without the exempt ones. */
  List<Rule> limiting() {
    return limiting;
  }

  /** Whether the clock has a say in what applies. */
  boolean timed() {
    return timed;
  }

  boolean hasAlways() {
    return limiting.stream().anyMatch(Rule::always);
  }

  /** Whether a level that consists of this cell is chosen, unless a more specific one is. */
  boolean choosable(long nowMillis) {
    for (Rule rule : limiting) {
      if (rule.enforcing() && !rule.always() && rule.inForce(nowMillis)) {
        return true;
      }
    }
    return exempts(nowMillis);
  }

  /** Whether an exempt rule of this cell is in force, so that choosing it ends without a limit. */
  boolean exempts(long nowMillis) {
    for (ExemptRule rule : exempting) {
      if (rule.inForce(nowMillis)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an enforcing or exempt rule of this cell is in force, so that no fallback applies. */
  boolean decides(long nowMillis) {
    for (Rule rule : limiting) {
      if (rule.enforcing() && rule.inForce(nowMillis)) {
        return true;
      }
    }
    return exempts(nowMillis);
  }
}
