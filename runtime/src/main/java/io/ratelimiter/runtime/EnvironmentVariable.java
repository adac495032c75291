package io.ratelimiter.runtime;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A variable of the environment with its allowed values, to be checked before the start.
 *
 * @param allowed the allowed values in words, for the fault
 * @param secret whether the value may contain a password, so that the fault does not repeat it
 */
public record EnvironmentVariable(
    String name, String allowed, boolean secret, Predicate<String> accepts) {

  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,20}");

  /** A variable whose value is not secret. */
  public static EnvironmentVariable of(String name, String allowed, Predicate<String> accepts) {
    return new EnvironmentVariable(name, allowed, false, accepts);
  }

  /** A whole number in ASCII digits. */
  public static EnvironmentVariable number(String name, long min, long max) {
    return of(
        name,
        "a whole number, %d to %d".formatted(min, max),
        value -> isWholeNumber(value, min, max));
  }

  /** One of these words, in any case. */
  public static EnvironmentVariable word(String name, String... words) {
    String last = words[words.length - 1];
    String others = String.join(", ", List.of(words).subList(0, words.length - 1));
    return of(
        name, others + " or " + last, value -> Stream.of(words).anyMatch(value::equalsIgnoreCase));
  }

  /** A name or address of this machine; resolves a name, so it may block. */
  public static EnvironmentVariable address(String name) {
    return of(name, "an address of this machine, or a name of one", EnvironmentVariable::isAddress);
  }

  /** The fault of a value, in one line that names the variable and what is allowed. */
  public Optional<String> fault(String value) {
    if (accepts.test(value)) {
      return Optional.empty();
    }
    String found =
        secret
            ? "; its value is not shown, because it may contain a password"
            : ", not \"" + value + '"';
    return Optional.of(name + " must be " + allowed + found);
  }

  /** Whether the value is a whole number in ASCII digits within these bounds. */
  public static boolean isWholeNumber(String value, long min, long max) {
    if (!WHOLE_NUMBER.matcher(value).matches()) {
      return false;
    }
    BigInteger number = new BigInteger(value);
    return number.compareTo(BigInteger.valueOf(min)) >= 0
        && number.compareTo(BigInteger.valueOf(max)) <= 0;
  }

  private static boolean isAddress(String value) {
    try {
      return !value.isBlank() && InetAddress.getByName(value) != null;
    } catch (UnknownHostException _) {
      return false;
    }
  }
}
