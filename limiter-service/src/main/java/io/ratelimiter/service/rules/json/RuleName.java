package io.ratelimiter.service.rules.json;

import io.ratelimiter.service.rules.Rule;
import io.ratelimiter.service.rules.RuleTerms;
import io.ratelimiter.service.rules.definition.InvalidRuleException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The default name of a rule; the table's function {@code rule_name} computes the same. */
public final class RuleName {

  /** Means every client in the original format, which has no {@code *}. */
  static final String EVERY_CLIENT = "default";

  private static final String PLAIN = "._:/@*-";
  private static final int MAX_LENGTH = 128;

  private RuleName() {}

  /**
   * {@code client[/limitKey]}; bytes that a name cannot have become {@code %XX}.
   *
   * @throws InvalidRuleException when the result is too long for a name
   */
  static String of(String client, String limitKey) {
    String name = text(client, limitKey);
    if (name.length() > MAX_LENGTH) {
      throw new InvalidRuleException(
          "name is required: made from client_id and endpoint it would have %d characters, more than %d"
              .formatted(name.length(), MAX_LENGTH));
    }
    return name;
  }

  /** Whether the name of a rule is the one that it would have by default. */
  public static boolean isDefault(RuleTerms rule) {
    return rule.name().equals(text(rule.clientId(), rule.limitKey()))
        || (rule.clientId().equals(Rule.WILDCARD)
            && rule.name().equals(text(EVERY_CLIENT, rule.limitKey())));
  }

  private static String text(String client, String limitKey) {
    String text = limitKey.equals(Rule.WILDCARD) ? client : client + "/" + limitKey;
    StringBuilder name = new StringBuilder();
    for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
      append(name, next);
    }
    return name.toString();
  }

  private static void append(StringBuilder name, byte next) {
    char letter = (char) next;
    boolean plain =
        letter < 128 && (Character.isLetterOrDigit(letter) || PLAIN.indexOf(letter) >= 0);
    if (plain) {
      name.append(letter);
    } else {
      name.append('%').append(HexFormat.of().withUpperCase().toHexDigits(next));
    }
  }
}
