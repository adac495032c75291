package io.ratelimiter.schemas;

import java.util.List;

/**
 * The counter of a rule with {@code by}, which has one for each combination of values.
 *
 * @param by names of the attributes, ascending; empty: one counter of the whole tenant
 * @param values the check's values of these attributes, in the same order
 */
public record Counter(List<String> by, List<String> values) {

  /**
   * @throws IllegalArgumentException when there is not one value for each name
   */
  public Counter {
    by = List.copyOf(by);
    values = List.copyOf(values);
    if (by.size() != values.size()) {
      throw new IllegalArgumentException(
          "counter has " + values.size() + " values for " + by.size() + " names");
    }
  }
}
