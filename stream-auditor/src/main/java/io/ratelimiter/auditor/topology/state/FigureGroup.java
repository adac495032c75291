package io.ratelimiter.auditor.topology.state;

import io.ratelimiter.schemas.audit.Figure;
import io.ratelimiter.schemas.audit.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Groups of the figures of a row: which encoded rows contain them. */
@SuppressWarnings({"EnumOrdinal", "ImmutableEnumChecker"}) // Arrays, which are never changed.
enum FigureGroup {
  /** In every row. */
  EVERY(false),
  /** In rows with a priority, a wait or a settlement. */
  SPENDING(true);

  private final Map<Kind, int[]> ordinals = new EnumMap<>(Kind.class);

  FigureGroup(boolean ofSpending) {
    for (Kind kind : Kind.values()) {
      ordinals.put(
          kind,
          kind.figures().stream()
              .filter(figure -> figure.isOfSpending() == ofSpending)
              .mapToInt(Figure::ordinal)
              .toArray());
    }
  }

  /** The ordinals of the kind's figures, in the order of their encoding. */
  int[] of(Kind kind) {
    return Objects.requireNonNull(ordinals.get(kind));
  }
}
