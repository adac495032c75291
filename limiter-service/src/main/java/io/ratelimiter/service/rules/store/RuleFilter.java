package io.ratelimiter.service.rules.store;

import io.ratelimiter.service.rules.Mode;
import org.jspecify.annotations.Nullable;

/** Selects the rules to list; null matches every value. */
public record RuleFilter(
    @Nullable String tenant,
    @Nullable String clientId,
    @Nullable String limitKey,
    @Nullable String name,
    @Nullable Mode mode,
    @Nullable Boolean enabled) {}
