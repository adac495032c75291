package io.ratelimiter.service.rules;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stored rule: whom it matches, its policy and its mode.
 *
 * @param id stable through edits; part of the store key
 * @param tenant whose rule it is
 * @param name unique within the tenant
 * @param clientId a client, or {@code *}: each client is counted on its own
 * @param limitKey a limit key, or {@code *}: each key is counted on its own unless {@code shared}
 * @param shared whether all limit keys of a client share one counter; only with {@code limitKey *}
 * @param always applies beside whatever level is chosen
 * @param failMode overrides the service's; null means the service's
 * @param validFrom first instant in force, null means since ever
 * @param validUntil first instant no longer in force, null means for ever
 * @param revision revision of the rule set at the rule's last change
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
    long revision) {

  /** Matches every client or every limit key. */
  public static final String WILDCARD = "*";

  private static final int MAX_WHO_BYTES = 256;
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@*%-]{1,128}");

  public Rule {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "tenant must match " + TENANT + ", not \"" + tenant + "\"");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name must match " + NAME + ", not \"" + name + "\"");
    }
    checkWho("client_id", clientId);
    checkWho("limit_key", limitKey);
    if (shared && !limitKey.equals(WILDCARD)) {
      throw new IllegalArgumentException("shared is for limit_key * only, not for " + limitKey);
    }
    if (validFrom != null && validUntil != null && !validFrom.isBefore(validUntil)) {
      throw new IllegalArgumentException("valid_from must be before valid_until");
    }
  }

  private static void checkWho(String field, String value) {
    // A byte holds at most one character, so a longer text need not be encoded to be refused.
    if (value.isEmpty()
        || value.length() > MAX_WHO_BYTES
        || value.getBytes(StandardCharsets.UTF_8).length > MAX_WHO_BYTES) {
      throw new IllegalArgumentException(field + " must have 1 to " + MAX_WHO_BYTES + " bytes");
    }
    if (value.chars().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException(field + " must be text without control characters");
    }
  }

  /** Whether this rule counts at that time, milliseconds since 1970. */
  public boolean inForce(long nowMillis) {
    return enabled
        && (validFrom == null || nowMillis >= validFrom.toEpochMilli())
        && (validUntil == null || nowMillis < validUntil.toEpochMilli());
  }

  /** Whether this rule is not in force at every time. */
  boolean timed() {
    return validFrom != null || validUntil != null;
  }

  /** Whether this rule takes part in the answer. */
  public boolean enforcing() {
    return mode == Mode.ENFORCE;
  }
}
