package io.ratelimiter.schemas.audit;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Figures of one row, by {@link Figure}. Immutable. */
@SuppressWarnings("EnumOrdinal") // An array: a publication copies ten thousand of them.
public final class Figures {

  /** The value of a figure that does not exist: null on the topic and in SQL. */
  public static final long NONE = -1;

  private static final Figure[] ALL = Figure.values();

  private final long[] values;

  private Figures(long[] values) {
    this.values = values;
  }

  /** Figures with these values, by the ordinal of the figure. */
  public static Figures copyOf(long[] values) {
    return new Figures(Arrays.copyOf(values, ALL.length));
  }

  /** Figures with these values, and the initial one for all others. */
  public static Figures of(Map<Figure, Long> values) {
    long[] all = new long[ALL.length];
    for (Figure figure : ALL) {
      all[figure.ordinal()] = values.getOrDefault(figure, figure.initial());
    }
    return new Figures(all);
  }

  /** The value of a figure, or {@link #NONE}. */
  public long get(Figure figure) {
    return values[figure.ordinal()];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Figures figures && Arrays.equals(values, figures.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** The figures that differ from those of a row without events. */
  @Override
  public String toString() {
    Map<Figure, Long> set = new TreeMap<>();
    for (Figure figure : ALL) {
      if (get(figure) != figure.initial()) {
        set.put(figure, get(figure));
      }
    }
    return set.toString();
  }
}
