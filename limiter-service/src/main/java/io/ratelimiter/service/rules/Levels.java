package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cells that can apply to a client and a limit key, and what does apply of them: the enforcing
 * rules of the most specific cell that has any, every {@code always} rule, and the shadow rules of
 * the chosen cell and of more specific ones. With no cell chosen, every shadow rule is more
 * specific than nothing.
 */
final class Levels {

  private static final Comparator<Rule> ENFORCING_FIRST =
      Comparator.comparing((Rule rule) -> !rule.enforcing()).thenComparingLong(Rule::id);

  private final List<Cell> cells;
  private final Fallback fallback;
  private final @Nullable Match fixed;

  /**
   * What a tenant falls back to.
   *
   * @param cell the default tenant's rules for everybody
   * @param unless while the tenant itself enforces anything
   */
  record Fallback(Cell cell, TimeSpans unless) {}

  /**
   * @param cells most specific first
   * @param generation of a match that the clock has no say in
   */
  Levels(List<Cell> cells, Fallback fallback, long generation) {
    this.cells = cells;
    this.fallback = fallback;
    this.fixed = isFixed() ? compute(0, generation) : null;
  }

  private boolean isFixed() {
    return fallback.unless().constant()
        && cells.stream().noneMatch(Cell::timed)
        && (fallback.unless().contains(0) || !fallback.cell().timed());
  }

  /** The match, if no clock is needed to know it. */
  @Nullable Match fixed() {
    return fixed;
  }

  Match compute(long nowMillis, long generation) {
    boolean fallsBack = !fallback.unless().contains(nowMillis);
    int chosen = chosen(nowMillis);
    List<Rule> applicable = new ArrayList<>();
    for (int level = 0; level < cells.size(); level++) {
      addApplicable(applicable, cells.get(level), Integer.compare(level, chosen), nowMillis);
    }
    if (fallsBack) {
      addApplicable(applicable, fallback.cell(), 0, nowMillis);
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

  /**
   * @param side negative for a cell more specific than the chosen one, 0 for that one itself
   */
  private static void addApplicable(List<Rule> to, Cell cell, int side, long nowMillis) {
    for (Rule rule : cell.rules()) {
      boolean reached = rule.enforcing() ? side == 0 : side <= 0;
      if ((rule.always() || reached) && rule.inForce(nowMillis)) {
        to.add(rule);
      }
    }
  }
}
