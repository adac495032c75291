package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a check carries beside client id and limit key, such as {@code ip} or {@code plan}: at most
 * {@value #MAX} names, each with a value. Immutable, ordered by name.
 */
public final class Attributes {

  /** Max number of attributes. */
  public static final int MAX = 16;

  /** No attributes. */
  public static final Attributes NONE = new Attributes(new String[0], new String[0]);

  private final String[] names;
  private final String[] values;

  private Attributes(String[] names, String[] values) {
    this.names = names;
    this.values = values;
  }

  /**
   * Attributes of these names and values; the grammar of values is not checked.
   *
   * @throws IllegalArgumentException when there are too many, or a name is not valid
   */
  public static Attributes of(Map<String, String> valuesByName) {
    if (valuesByName.isEmpty()) {
      return NONE;
    }
    if (valuesByName.size() > MAX) {
      throw new IllegalArgumentException("must have at most " + MAX + " members");
    }
    SortedMap<String, String> sorted = new TreeMap<>(valuesByName);
    sorted.keySet().forEach(AttributeName::check);
    return new Attributes(
        sorted.keySet().toArray(String[]::new), sorted.values().toArray(String[]::new));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return names.length == 0;
  }

  public int size() {
    return names.length;
  }

  /** The name at this place of the ascending order. */
  public String name(int index) {
    return names[index];
  }

  /** The value at this place. */
  public String value(int index) {
    return values[index];
  }

  /** The value of an attribute; null where there is none. */
  public @Nullable String get(String name) {
    int index = names.length == 0 ? -1 : Arrays.binarySearch(names, name);
    return index < 0 ? null : values[index];
  }

  /** The attributes as a map, ordered by name. */
  public SortedMap<String, String> asMap() {
    SortedMap<String, String> map = new TreeMap<>();
    for (int i = 0; i < names.length; i++) {
      map.put(names[i], values[i]);
    }
    return map;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Attributes that
        && Arrays.equals(names, that.names)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return names.length == 0 ? 0 : 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
