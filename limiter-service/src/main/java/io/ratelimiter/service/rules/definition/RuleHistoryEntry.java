package io.ratelimiter.service.rules.definition;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of one rule.
 *
 * @param id ascends with time
 * @param revision of the set after the change
 * @param operation create, replace or delete
 * @param changedBy author of the admin API's request, else the database's user
 * @param correlationId of the admin API's request; null for other changes
 * @param before the rule's row; null when it was created
 * @param after the rule's row; null when it was deleted
 */
public record RuleHistoryEntry(
    long id,
    long ruleId,
    long revision,
    String operation,
    Instant changedAt,
    String changedBy,
    @Nullable String correlationId,
    @Nullable Image before,
    @Nullable Image after) {

  /**
   * A row before or after a change.
   *
   * @param columns JSON object of all columns but metadata; null where it is too large to be shown
   * @param metadata JSON object; null where it breaks its bounds
   */
  public record Image(@Nullable String columns, @Nullable String metadata) {}
}
