package io.ratelimiter.auditor.store;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the sink and its tables.
 *
 * @param databaseUrl of PostgreSQL; empty: no database
 * @param generation of the run
 * @param retentionDays days for which rows of clients are kept
 * @param totalsRetentionDays days for which totals are kept
 */
@Validated
@ConfigurationProperties("auditor.store")
public record StoreProperties(
    String databaseUrl,
    @Min(1) int generation,
    @Min(1) int retentionDays,
    @Min(1) int totalsRetentionDays) {}
