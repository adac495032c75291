package io.ratelimiter.service.rules;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a check beside its client id and limit key, such as {@code ip} or {@code plan}:
 * at most {@value #MAX}, ordered by name. Immutable.
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
   * Attributes of these names and values; the values are not validated.
   *
   * @throws IllegalArgumentException when there are too many, or a name is invalid
   */
  public static Attributes of(Map<String, String> valuesByName) {
    if (valuesByName.isEmpty()) {
      return NONE;
    }
    if (valuesByName.size() > MAX) {
      throw new IllegalArgumentException("attributes must have at most " + MAX + " members");
    }
    SortedMap<String, String> sorted = new TreeMap<>(valuesByName);
    sorted.keySet().forEach(name -> AttributeName.check("attributes", name));
    return new Attributes(
        sorted.keySet().toArray(String[]::new), sorted.values().toArray(String[]::new));
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return names.length == 0;
  }

  /** Number of attributes. */
  public int size() {
    return names.length;
  }

  /** The name at this index, from 0, in ascending order of names. */
  public String name(int index) {
    return names[index];
  }

  /** The value of the attribute at this index. */
  public String value(int index) {
    return values[index];
  }

  /** The value of an attribute; null if it is absent. */
  public @Nullable String get(String name) {
    int index = names.length == 0 ? -1 : Arrays.binarySearch(names, name);
    return index < 0 ? null : values[index];
  }

  /** A new map of the values, ordered by name. */
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
