package io.ratelimiter.service.rules;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of one rule.
 *
 * @param id ascends with time
 * @param revision the set's after the change
 * @param operation create, replace or delete
 * @param changedBy the admin API or the database's user
 * @param correlationId of the admin API's request
 * @param before JSON object of the rule's row; null when it was created
 * @param after JSON object of the rule's row; null when it was deleted
 */
public record RuleHistoryEntry(
    long id,
    long ruleId,
    long revision,
    String operation,
    Instant changedAt,
    String changedBy,
    @Nullable String correlationId,
    @Nullable String before,
    @Nullable String after) {}
