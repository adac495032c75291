package io.ratelimiter.service.rules;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * Whole numbers in the JSON of rules and checks. JSON has one kind of number, so {@code 5}, {@code
 * 5.0} and {@code 5e0} are the same; {@code 1e-400} is not 0.
 */
public final class WholeNumber {

  /** Every whole number with at most this many digits fits a {@code long}. */
  private static final int MAX_DIGITS = 18;

  private WholeNumber() {}

  /**
   * The value, if it is whole and has at most {@value #MAX_DIGITS} digits. The cost does not depend
   * on the exponent: {@code 1e999999999} is never expanded.
   */
  public static OptionalLong of(BigDecimal value) {
    if (value.signum() == 0) {
      return OptionalLong.of(0);
    }
    long digitsBeforePoint = (long) value.precision() - value.scale();
    if (digitsBeforePoint < 1 || digitsBeforePoint > MAX_DIGITS) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(value.longValueExact());
    } catch (ArithmeticException _) {
      return OptionalLong.empty();
    }
  }
}
