package io.ratelimiter.service.limiter.evaluation;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.rules.Rule;

/**
 * The key under which a limit of a client is counted: {@code rl:{tenant/client}:<rule id>[.<counter
 * epoch>]:<algorithm>:<window>[:limit_key]}. The hash tag comes first and is the same for all
 * limits of a client, so they share a slot. The key has the rule's id and not its limit: a changed
 * limit keeps what was consumed, a changed window or algorithm starts at zero. The counter epoch,
 * left out while it is 0, ensures that a change back starts at zero too.
 */
public final class StoreKey {

  private static final String HEX = "0123456789ABCDEF";

  private StoreKey() {}

  /** {@code rl:{tenant/client}:}, the common start of all keys of a client. */
  public static String prefix(Check check) {
    return "rl:{" + check.tenant() + "/" + encode(check.clientId()) + "}:";
  }

  /**
   * The key of one rule.
   *
   * @param prefix of {@link #prefix}, computed once per check
   */
  public static String of(String prefix, Rule rule, Check check) {
    StringBuilder key = new StringBuilder(prefix.length() + 40).append(prefix);
    key.append(rule.id());
    if (rule.counterEpoch() != 0) {
      key.append('.').append(rule.counterEpoch());
    }
    key.append(':')
        .append(rule.policy().algorithm().code())
        .append(':')
        .append(rule.policy().windowSeconds());
    if (rule.limitKey().equals(Rule.WILDCARD) && !rule.shared()) {
      key.append(':').append(encode(check.limitKey()));
    }
    return key.toString();
  }

  /** The key under which a refund's id is remembered. */
  public static String ofRefund(Check check, String refundId) {
    return prefix(check) + "refund:" + encode(check.limitKey()) + ":" + encode(refundId);
  }

  /**
   * Percent-encodes the characters that have a meaning in a key; injective, since {@code %} is
   * encoded too.
   */
  static String encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (special(text.charAt(i)) || loneSurrogate(text, i)) {
        return encodeFrom(text, i);
      }
    }
    return text;
  }

  private static String encodeFrom(String text, int first) {
    StringBuilder encoded = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (special(c)) {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else if (loneSurrogate(text, i)) {
        // UTF-8 cannot encode it: all lone surrogates would become the same question mark.
        encoded.append("%u").append(Integer.toHexString(c));
      } else {
        encoded.append(c);
      }
    }
    return encoded.toString();
  }

  private static boolean special(char c) {
    return Character.isISOControl(c) || c == '%' || c == ':' || c == '{' || c == '}';
  }

  private static boolean loneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
