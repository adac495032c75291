package io.ratelimiter.service.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a tenant that count by the same attributes: of those that match a check, the most
 * specific apply. Indexed by the attributes that are matched exactly, so that a match needs one
 * hash lookup for each set of them, however many rules there are.
 */
final class Layer {

  /** Max number of matches with the same exact values that differ in prefixes and {@code *}. */
  static final int MAX_PATTERNS = 64;

  private static final Comparator<Cell> BY_SPECIFICITY =
      Comparator.comparing(Cell::match, CellMatch.BY_SPECIFICITY);

  private record Cell(CellMatch match, RuleCell rules) {}

  /** The cells that match the same attributes exactly, by the values of these attributes. */
  private record Shape(List<String> names, Map<Object, List<Cell>> cells) {

    /** The key of the cells with these values: a single value itself, otherwise the list. */
    static Object key(List<String> values) {
      return values.size() == 1 ? values.getFirst() : values;
    }

    List<Cell> find(Matchable check) {
      if (names.size() == 1) {
        String value = check.attribute(names.getFirst());
        return value == null ? List.of() : cells.getOrDefault(value, List.of());
      }
      List<String> values = new ArrayList<>(names.size());
      for (String name : names) {
        String value = check.attribute(name);
        if (value == null) {
          return List.of();
        }
        values.add(value);
      }
      return cells.getOrDefault(values, List.of());
    }
  }

  private final List<String> by;
  private final RuleCell fallback;
  private final boolean timed;
  private final List<Shape> shapes;

  /**
   * A layer of these rules.
   *
   * @param by null for the layer of rules without {@code by}
   * @param rules the enabled rules of one tenant with this {@code by}
   * @param fallback applies to a check that matches no enforcing or exempt rule of the layer
   */
  Layer(@Nullable List<String> by, List<AnyRule> rules, RuleCell fallback) {
    this.by = by == null ? List.of() : by;
    this.fallback = fallback;
    this.timed = fallback.timed() || rules.stream().anyMatch(AnyRule::timed);
    this.shapes = shapes(rules);
  }

  private static List<Shape> shapes(List<AnyRule> rules) {
    Map<CellMatch, List<AnyRule>> byMatch =
        rules.stream().collect(Collectors.groupingBy(rule -> CellMatch.of(rule.terms())));
    Map<List<String>, Shape> shapes = new HashMap<>();
    byMatch.forEach((match, own) ->
        shapes
            .computeIfAbsent(match.exactNames(), names -> new Shape(names, new HashMap<>()))
            .cells()
            .computeIfAbsent(Shape.key(match.exactValues()), _ -> new ArrayList<>(1))
            .add(new Cell(match, RuleCell.of(own))));
    return List.copyOf(shapes.values());
  }

  /** Whether the time decides which of the rules are in force. */
  boolean timed() {
    return timed;
  }

  /** Adds the rules of this layer that apply to a check, in no order. */
  void addApplicable(List<Rule> to, Matchable check, long nowMillis) {
    for (String name : by) {
      if (check.attribute(name) == null) {
        return;
      }
    }
    List<Cell> found = null;
    for (Shape shape : shapes) {
      for (Cell cell : shape.find(check)) {
        if (cell.match().matchesOthers(check)) {
          found = found == null ? new ArrayList<>() : found;
          found.add(cell);
        }
      }
    }
    MatchPlan.addApplicable(to, bySpecificity(found), fallback, nowMillis);
  }

  private static List<RuleCell> bySpecificity(@Nullable List<Cell> found) {
    if (found == null) {
      return List.of();
    }
    found.sort(BY_SPECIFICITY);
    List<RuleCell> cells = new ArrayList<>(found.size());
    for (Cell cell : found) {
      cells.add(cell.rules());
    }
    return cells;
  }

  /**
   * Max number of its own limits that it can add to one check; those of the fallback come on top.
   */
  int maxLimits() {
    int chosen = 0;
    int beside = 0;
    for (Shape shape : shapes) {
      int max = 0;
      for (List<Cell> cells : shape.cells().values()) {
        int here = 0;
        for (Cell cell : cells) {
          chosen = Math.max(chosen, cell.rules().competing());
          here += cell.rules().beside();
        }
        max = Math.max(max, here);
      }
      beside += max;
    }
    return chosen + beside;
  }

  /** Max number of matches with the same exact values. */
  int maxPatterns() {
    return shapes.stream()
        .flatMap(shape -> shape.cells().values().stream())
        .mapToInt(List::size)
        .max()
        .orElse(0);
  }
}
