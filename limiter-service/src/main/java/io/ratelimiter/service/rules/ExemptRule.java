package io.ratelimiter.service.rules;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored rule of mode {@code exempt}: takes part in the choice of the level as an enforcing rule
 * does, and no limit of that level applies. It has no policy, so it is never a limit of a {@link
 * Match}.
 *
 * @param tenant the tenant that the rule belongs to
 * @param name unique within the tenant
 * @param clientId a client, or {@code *}
 * @param limitKey a limit key, or {@code *}
 * @param validFrom first instant in force; null: no start
 * @param validUntil first instant no longer in force; null: no end
 * @param revision revision of the rule set at the rule's last change
 */
public record ExemptRule(
    long id,
    String tenant,
    String name,
    String clientId,
    String limitKey,
    boolean enabled,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil,
    long revision)
    implements AnyRule {

  public ExemptRule {
    Rule.checkNames(tenant, name);
    Rule.checkMatch(clientId, limitKey);
    Rule.checkValidity(validFrom, validUntil);
  }

  @Override
  public Mode mode() {
    return Mode.EXEMPT;
  }
}
