package io.ratelimiter.service.analytics;

import java.time.Instant;

/**
 * A change of the rule set.
 *
 * @param revision of the set with this change
 * @param rules number of changes of rules in it
 * @param rule name of one of the rules
 */
public record RuleChange(long revision, Instant changedAt, long rules, String rule) {}
