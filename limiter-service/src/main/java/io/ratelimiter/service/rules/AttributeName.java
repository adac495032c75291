package io.ratelimiter.service.rules;

import java.util.Set;

/** The grammar of attribute names, and the attributes that every check has. */
public final class AttributeName {

  public static final String CLIENT_ID = "client_id";
  public static final String LIMIT_KEY = "limit_key";

  /** The grammar, for messages. */
  public static final String GRAMMAR = "[a-z][a-z0-9_.-]{0,62}";

  private static final int MAX_CHARACTERS = 63;
  private static final Set<String> FIELDS = Set.of(CLIENT_ID, LIMIT_KEY, "tenant");

  private AttributeName() {}

  /**
   * Validates the name of an attribute that is not a field of every check.
   *
   * @param field that has the name, for the message
   * @throws IllegalArgumentException naming the field and the fault
   */
  public static void check(String field, String name) {
    if (!matchesGrammar(name)) {
      throw new IllegalArgumentException(field + " must have names that match " + GRAMMAR);
    }
    if (FIELDS.contains(name)) {
      throw new IllegalArgumentException(
          "%s must not have %s, which is a field of its own".formatted(field, name));
    }
  }

  private static boolean matchesGrammar(String name) {
    boolean valid = !name.isEmpty() && name.length() <= MAX_CHARACTERS;
    for (int i = 0; valid && i < name.length(); i++) {
      char c = name.charAt(i);
      boolean inner = (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
      valid = (c >= 'a' && c <= 'z') || (i > 0 && inner);
    }
    return valid;
  }

  /** Whether it is {@code client_id} or {@code limit_key}, which every check has. */
  static boolean ofEveryCheck(String name) {
    return name.equals(CLIENT_ID) || name.equals(LIMIT_KEY);
  }
}
