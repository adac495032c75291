package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one layer that a check matches, and which of their rules apply:
 *
 * <ul>
 *   <li>the enforcing rules of the chosen cell: the most specific one that has any in force, or an
 *       exempt rule, which then removes its limits;
 *   <li>every {@code always} rule;
 *   <li>the shadow rules of the chosen cell and of more specific ones; all, if none is chosen;
 *   <li>the fallback, if no cell has an enforcing or exempt rule in force.
 * </ul>
 */
final class MatchPlan {

  private static final Comparator<Rule> ENFORCING_FIRST =
      Comparator.comparing((Rule rule) -> !rule.enforcing()).thenComparingLong(Rule::id);

  private final List<RuleCell> cells;
  private final RuleCell fallback;
  private final @Nullable Match fixed;

  /**
   * @param cells most specific first
   * @param fallback the default tenant's rules for every client and limit key; empty for that
   *     tenant
   * @param generation of the match, if it does not depend on the time
   */
  MatchPlan(List<RuleCell> cells, RuleCell fallback, long generation) {
    this.cells = cells;
    this.fallback = fallback;
    this.fixed = isFixed() ? compute(0, generation) : null;
  }

  private boolean isFixed() {
    for (RuleCell cell : cells) {
      if (cell.timed()) {
        return false;
      }
    }
    return !fallback.timed() || fallbackPrevented(cells, 0);
  }

  /** The match, if it does not depend on the time. */
  @Nullable Match fixed() {
    return fixed;
  }

  Match compute(long nowMillis, long generation) {
    List<Rule> applicable = new ArrayList<>();
    addApplicable(applicable, nowMillis);
    return match(applicable, generation);
  }

  /** Adds the rules that apply, in no order. */
  void addApplicable(List<Rule> to, long nowMillis) {
    addApplicable(to, cells, fallback, nowMillis);
  }

  /** The match of the rules that apply, which it sorts. */
  static Match match(List<Rule> applicable, long generation) {
    applicable.sort(ENFORCING_FIRST);
    return new Match(applicable, generation);
  }

  /**
   * Adds the rules that apply, in no order.
   *
   * @param cells that match, most specific first
   * @param fallback applies if none of the cells has an enforcing or exempt rule in force
   */
  static void addApplicable(
      List<Rule> to, List<RuleCell> cells, RuleCell fallback, long nowMillis) {
    int chosen = chosen(cells, nowMillis);
    for (int level = 0; level < cells.size(); level++) {
      addApplicable(to, cells.get(level), Integer.compare(level, chosen), nowMillis);
    }
    if (!fallbackPrevented(cells, nowMillis)) {
      addApplicable(to, fallback, 0, nowMillis);
    }
  }

  /** Index of the chosen cell; the number of cells if none is chosen. */
  private static int chosen(List<RuleCell> cells, long nowMillis) {
    for (int level = 0; level < cells.size(); level++) {
      if (cells.get(level).choosable(nowMillis)) {
        return level;
      }
    }
    return cells.size();
  }

  private static boolean fallbackPrevented(List<RuleCell> cells, long nowMillis) {
    for (RuleCell cell : cells) {
      if (cell.preventsFallback(nowMillis)) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param side negative for a cell more specific than the chosen one, 0 for the chosen one
   */
  private static void addApplicable(List<Rule> to, RuleCell cell, int side, long nowMillis) {
    boolean limits = side == 0 && !cell.exempts(nowMillis);
    for (Rule rule : cell.limiting()) {
      boolean reached = rule.enforcing() ? limits : side <= 0;
      if ((rule.always() || reached) && rule.inForce(nowMillis)) {
        to.add(rule);
      }
    }
  }
}
