package io.ratelimiter.service.rules;

import java.util.Set;
import java.util.regex.Pattern;

/** The names of attributes: of those that a check carries, and of those that a rule names. */
public final class AttributeName {

  public static final String CLIENT_ID = "client_id";
  public static final String LIMIT_KEY = "limit_key";

  /** The grammar, for messages. */
  public static final String GRAMMAR = "[a-z][a-z0-9_.-]{0,62}";

  private static final Pattern NAME = Pattern.compile(GRAMMAR);
  private static final Set<String> FIELDS = Set.of(CLIENT_ID, LIMIT_KEY, "tenant");

  private AttributeName() {}

  /**
   * Validates the name of an attribute that a check carries.
   *
   * @throws IllegalArgumentException with the fault, a text that follows the name of the field
   */
  public static void check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("must have names that match " + GRAMMAR);
    }
    if (FIELDS.contains(name)) {
      throw new IllegalArgumentException("must not have " + name + ", which is a field of its own");
    }
  }

  /** Whether it is {@code client_id} or {@code limit_key}, which every check has. */
  static boolean ofEveryCheck(String name) {
    return name.equals(CLIENT_ID) || name.equals(LIMIT_KEY);
  }
}
