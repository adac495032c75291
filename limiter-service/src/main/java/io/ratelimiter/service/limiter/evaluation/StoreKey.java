package io.ratelimiter.service.limiter.evaluation;

import io.ratelimiter.service.limiter.Check;
import io.ratelimiter.service.limiter.Placement;
import io.ratelimiter.service.rules.AttributeName;
import io.ratelimiter.service.rules.Rule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys under which the limits of a check are counted: {@code <start><rule id>[.<counter
 * epoch>]:<algorithm>:<window>[:<values>]}. The values are those of the attributes in {@code by},
 * except the client id; a rule without {@code by} has that of the limit key, unless it names one or
 * is shared. The start, which has the hash tag, depends on the {@link Placement}:
 *
 * <ul>
 *   <li>a client's counter: {@code rl:{tenant/client}:}, or {@code rl:{tenant}/client:} if the
 *       tenant is in one slot;
 *   <li>a counter that several clients share: {@code rl:{tenant}:}.
 * </ul>
 *
 * <p>The key has the rule's id and not its limit: a changed limit keeps what was consumed, a
 * changed window or algorithm starts at zero. The counter epoch, left out while it is 0, ensures
 * that a change back starts at zero too.
 */
public final class StoreKey {

  /** Max length of the values in a key, characters; longer ones are hashed. */
  private static final int MAX_VALUES = 200;

  private static final String HEX = "0123456789ABCDEF";

  private StoreKey() {}

  /** The start of the keys of the client's own counters. */
  public static String prefix(Check check, Placement placement) {
    String client = encode(check.clientId());
    return placement == Placement.CLIENT
        ? "rl:{" + check.tenant() + "/" + client + "}:"
        : "rl:{" + check.tenant() + "}/" + client + ":";
  }

  /**
   * The key of one rule.
   *
   * @param clientPrefix of {@link #prefix}, computed once per check
   */
  public static String of(String clientPrefix, Rule rule, Check check) {
    List<String> by = rule.terms().by();
    StringBuilder key = new StringBuilder(clientPrefix.length() + 40);
    if (rule.terms().acrossClients()) {
      key.append("rl:{").append(check.tenant()).append("}:");
    } else {
      key.append(clientPrefix);
    }
    key.append(rule.id());
    if (rule.counterEpoch() != 0) {
      key.append('.').append(rule.counterEpoch());
    }
    key.append(':')
        .append(rule.policy().algorithm().code())
        .append(':')
        .append(rule.policy().windowSeconds());
    if (by != null) {
      appendValues(key, by, check);
    } else if (rule.limitKey().equals(Rule.WILDCARD) && !rule.shared()) {
      key.append(':').append(encode(check.limitKey()));
    }
    return key.toString();
  }

  private static void appendValues(StringBuilder key, List<String> by, Check check) {
    int start = key.length();
    for (String name : by) {
      if (!name.equals(AttributeName.CLIENT_ID)) {
        String value = check.attribute(name);
        // A match requires the value; the brace of an absent one is in no encoded value.
        key.append(':').append(value == null ? "}" : encode(value));
      }
    }
    if (key.length() - start > MAX_VALUES) {
      // No encoded value has a brace, so a hash equals no other key.
      String values = key.substring(start);
      key.setLength(start);
      key.append(":}").append(sha256(values));
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The key under which a refund's id is remembered.
   *
   * @param clientPrefix of {@link #prefix}
   */
  public static String ofRefund(String clientPrefix, Check check, String refundId) {
    return clientPrefix + "refund:" + encode(check.limitKey()) + ":" + encode(refundId);
  }

  /**
   * The key of the record of a decision that can be settled.
   *
   * @param clientPrefix of {@link #prefix}
   */
  public static String ofSettlement(String clientPrefix, String decisionId) {
    return clientPrefix + "settle:" + encode(decisionId);
  }

  /**
   * The key of the units that settlements have given back on a bucket. No counter has it, since a
   * brace is in no encoded value, and a hash is longer.
   *
   * @param counter of {@link #of}
   */
  public static String ofTally(String counter) {
    return counter + ":}given";
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
