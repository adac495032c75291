package io.ratelimiter.service.rules;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stored rule that limits: what it matches, its policy and its mode.
 *
 * @param id stable through edits; part of the store key
 * @param tenant whose rule it is
 * @param name unique within the tenant
 * @param clientId a client, or {@code *}: each client is counted on its own
 * @param limitKey a limit key, or {@code *}: each key is counted on its own unless {@code shared}
 * @param mode enforce or shadow; a rule of mode exempt is an {@link ExemptRule}
 * @param shared whether all limit keys of a client share one counter; only with {@code limitKey *}
 * @param always applies beside whatever level is chosen
 * @param failMode overrides the service's; null means the service's
 * @param validFrom first instant in force, null means since ever
 * @param validUntil first instant no longer in force, null means for ever
 * @param revision revision of the rule set at the rule's last change
 * @param counterEpoch raised by the table with each change of what is counted together; part of the
 *     store key, so that such a change, and the change back, start afresh
 */
public record Rule(
    long id,
    String tenant,
    String name,
    String clientId,
    String limitKey,
    Policy policy,
    Mode mode,
    boolean enabled,
    boolean shared,
    boolean always,
    @Nullable FailMode failMode,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    long revision,
    long counterEpoch)
    implements AnyRule {

  /** Matches every client or every limit key. */
  public static final String WILDCARD = "*";

  private static final int MAX_WHO_BYTES = 256;
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@*%-]{1,128}");

  public Rule {
    if (mode == Mode.EXEMPT) {
      throw new IllegalArgumentException("mode of a rule that limits must be enforce or shadow");
    }
    checkNames(tenant, name);
    checkMatch(clientId, limitKey);
    checkShared(shared, limitKey);
    checkValidity(validFrom, validUntil);
  }

  /** A rule of the first counter epoch, as are all rules that are not from the table. */
  public Rule(
      long id,
      String tenant,
      String name,
      String clientId,
      String limitKey,
      Policy policy,
      Mode mode,
      boolean enabled,
      boolean shared,
      boolean always,
      @Nullable FailMode failMode,
      @Nullable Instant validFrom,
      @Nullable Instant validUntil,
      long revision) {
    this(
        id,
        tenant,
        name,
        clientId,
        limitKey,
        policy,
        mode,
        enabled,
        shared,
        always,
        failMode,
        validFrom,
        validUntil,
        revision,
        0);
  }

  static void checkNames(String tenant, String name) {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "tenant must match " + TENANT + ", not \"" + tenant + "\"");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name must match " + NAME + ", not \"" + name + "\"");
    }
  }

  static void checkMatch(String clientId, String limitKey) {
    checkWho("client_id", clientId);
    checkWho("limit_key", limitKey);
  }

  static void checkShared(boolean shared, String limitKey) {
    if (shared && !limitKey.equals(WILDCARD)) {
      throw new IllegalArgumentException("shared is for limit_key * only, not for " + limitKey);
    }
  }

  static void checkValidity(@Nullable Instant validFrom, @Nullable Instant validUntil) {
    if (validFrom != null && validUntil != null && !validFrom.isBefore(validUntil)) {
      throw new IllegalArgumentException("valid_from must be before valid_until");
    }
  }

  private static void checkWho(String field, String value) {
    if (value.isEmpty() || utf8Length(value) > MAX_WHO_BYTES) {
      throw new IllegalArgumentException(field + " must have 1 to " + MAX_WHO_BYTES + " bytes");
    }
    if (value.codePoints().anyMatch(Rule::unprintable)) {
      throw new IllegalArgumentException(field + " must be text without control characters");
    }
  }

  private static int utf8Length(String value) {
    // A character takes a byte at least, so a longer text need not be encoded to be refused.
    return value.length() > MAX_WHO_BYTES
        ? value.length()
        : value.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A control character, or half of a character, which no encoding has. */
  private static boolean unprintable(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }

  /** Whether this rule takes part in the answer. */
  public boolean enforcing() {
    return mode == Mode.ENFORCE;
  }
}
