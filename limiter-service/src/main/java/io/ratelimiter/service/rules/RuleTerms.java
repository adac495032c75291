package io.ratelimiter.service.rules;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a rule matches, and how and when it applies: all of a rule but its numbers. Validated when a
 * {@link Rule} or an {@link AnyRule.Exempt} is made of it.
 *
 * @param tenant the tenant that the rule belongs to
 * @param name unique within the tenant
 * @param clientId a client, or {@code *}: each client is counted on its own
 * @param limitKey a limit key, or {@code *}: each key is counted on its own unless {@code shared}
 * @param match what else a check must have: for each attribute the exact value, {@code prefix*}, or
 *     {@code *} for any value; {@code client_id} and {@code limit_key} by prefix only. Empty: no
 *     further condition
 * @param by the attributes that it counts by, ascending: one counter for each combination of their
 *     values, empty for one of the whole tenant. Null: client id and limit key, or the client id
 *     alone where {@code shared}
 * @param mode what the rule does to a check that it matches
 * @param enabled false: it is never in force
 * @param shared whether all limit keys of a client share one counter; only with {@code limitKey *}
 * @param always whether it applies beside whatever level is chosen
 * @param failMode overrides the service's; null: the service's
 * @param validFrom first instant in force; null: no start
 * @param validUntil first instant no longer in force; null: no end
 */
public record RuleTerms(
    String tenant,
    String name,
    String clientId,
    String limitKey,
    SortedMap<String, String> match,
    @Nullable List<String> by,
    Mode mode,
    boolean enabled,
    boolean shared,
    boolean always,
    @Nullable FailMode failMode,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil) {

  /** Max number of attributes that a rule counts by. */
  public static final int MAX_BY = 4;

  private static final int MAX_MATCH_BYTES = 256;
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@*%-]{1,128}");

  public RuleTerms {
    match =
        match.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(match));
    by = by == null ? null : by.stream().sorted().toList();
  }

  /** The terms of an enabled, enforcing rule; everything else has its default. */
  public static RuleTerms enforcing(String tenant, String name, String clientId, String limitKey) {
    return new RuleTerms(
        tenant,
        name,
        clientId,
        limitKey,
        Collections.emptySortedMap(),
        null,
        Mode.ENFORCE,
        true,
        false,
        false,
        null,
        null,
        null);
  }

  /**
   * Validates each field.
   *
   * @throws IllegalArgumentException naming the field and the fault
   */
  void check() {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "tenant must match " + TENANT + ", not \"" + tenant + "\"");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name must match " + NAME + ", not \"" + name + "\"");
    }
    checkText("client_id", clientId);
    checkText("limit_key", limitKey);
    checkMatch();
    checkBy();
    if (shared && !limitKey.equals(Rule.WILDCARD)) {
      throw new IllegalArgumentException("shared is for limit_key * only, not for " + limitKey);
    }
    if (validFrom != null && validUntil != null && !validFrom.isBefore(validUntil)) {
      throw new IllegalArgumentException("valid_from must be before valid_until");
    }
  }

  /** Whether the rule has neither {@code match} nor {@code by}. */
  public boolean plain() {
    return match.isEmpty() && by == null;
  }

  /** Whether the rule has counters that several clients share. */
  public boolean acrossClients() {
    return by != null && !by.contains(AttributeName.CLIENT_ID);
  }

  private void checkMatch() {
    if (match.size() > Attributes.MAX) {
      throw new IllegalArgumentException("match must have at most " + Attributes.MAX + " members");
    }
    match.forEach((name, pattern) -> {
      if (AttributeName.ofEveryCheck(name)) {
        checkPrefix(name, pattern);
      } else {
        AttributeName.check("match", name);
      }
      checkText("match." + name, pattern);
    });
  }

  private void checkPrefix(String name, String pattern) {
    if (!pattern.endsWith(Rule.WILDCARD) || pattern.length() == 1) {
      throw new IllegalArgumentException(
          "match.%1$s must be a prefix and *; an exact value is given as %1$s".formatted(name));
    }
    if (!(name.equals(AttributeName.CLIENT_ID) ? clientId : limitKey).equals(Rule.WILDCARD)) {
      throw new IllegalArgumentException(
          "match.%1$s must not be given beside %1$s".formatted(name));
    }
  }

  private void checkBy() {
    if (by == null) {
      return;
    }
    if (shared) {
      throw new IllegalArgumentException("shared is for rules without by only");
    }
    if (by.size() > MAX_BY || Set.copyOf(by).size() < by.size()) {
      throw new IllegalArgumentException("by must have at most " + MAX_BY + " names, each once");
    }
    for (String name : by) {
      if (!AttributeName.ofEveryCheck(name)) {
        AttributeName.check("by", name);
      }
    }
  }

  private static void checkText(String field, String value) {
    if (value.isEmpty() || utf8Length(value) > MAX_MATCH_BYTES) {
      throw new IllegalArgumentException(field + " must have 1 to " + MAX_MATCH_BYTES + " bytes");
    }
    if (value.codePoints().anyMatch(RuleTerms::unprintable)) {
      throw new IllegalArgumentException(field + " must be text without control characters");
    }
  }

  private static int utf8Length(String value) {
    // A character takes at least one byte, so a longer text is refused without encoding it.
    return value.length() > MAX_MATCH_BYTES
        ? value.length()
        : value.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A control character, or a lone surrogate, which no encoding has. */
  private static boolean unprintable(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }
}
