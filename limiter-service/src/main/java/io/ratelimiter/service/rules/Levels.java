package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells that can apply to a client and a limit key, and what does apply of them: the enforcing
 * rules of the most specific cell that has any (none of them, if that cell has an exempt rule),
 * every {@code always} rule, and the shadow rules of the chosen cell and of more specific ones.
 * With no cell chosen, all matching shadow rules apply. Where no cell has an enforcing or exempt
 * rule in force, the fallback applies in addition.
 */
final class Levels {

  private static final Comparator<Rule> ENFORCING_FIRST =
      Comparator.comparing((Rule rule) -> !rule.enforcing()).thenComparingLong(Rule::id);

  private final List<Cell> cells;
  private final Cell fallback;
  private final @Nullable Match fixed;

  /**
   * @param cells most specific first
   * @param fallback the default tenant's rules for every client and limit key; empty for that
   *     tenant
   * @param generation of a match that the clock has no say in
   */
  Levels(List<Cell> cells, Cell fallback, long generation) {
    this.cells = cells;
    this.fallback = fallback;
    this.fixed = isFixed() ? compute(0, generation) : null;
  }

  private boolean isFixed() {
    for (Cell cell : cells) {
      if (cell.timed()) {
        return false;
      }
    }
    return !fallback.timed() || decided(0);
  }

  /** The match, if no clock is needed to know it. */
  @Nullable Match fixed() {
    return fixed;
  }

  Match compute(long nowMillis, long generation) {
    int chosen = chosen(nowMillis);
    List<Rule> applicable = new ArrayList<>();
    for (int level = 0; level < cells.size(); level++) {
      addApplicable(applicable, cells.get(level), Integer.compare(level, chosen), nowMillis);
    }
    if (!decided(nowMillis)) {
      addApplicable(applicable, fallback, 0, nowMillis);
    }
    applicable.sort(ENFORCING_FIRST);
    return new Match(applicable, generation);
  }

  private int chosen(long nowMillis) {
    for (int level = 0; level < cells.size(); level++) {
      if (cells.get(level).choosable(nowMillis)) {
        return level;
      }
    }
    return cells.size();
  }

  /** Whether the tenant's own rules decide the check, without the fallback. */
  private boolean decided(long nowMillis) {
    for (Cell cell : cells) {
      if (cell.decides(nowMillis)) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param side negative for a cell more specific than the chosen one, 0 for that one itself
   */
  private static void addApplicable(List<Rule> to, Cell cell, int side, long nowMillis) {
    boolean limits = side == 0 && !cell.exempts(nowMillis);
    for (Rule rule : cell.limiting()) {
      boolean reached = rule.enforcing() ? limits : side <= 0;
      if ((rule.always() || reached) && rule.inForce(nowMillis)) {
        to.add(rule);
      }
    }
  }
}
