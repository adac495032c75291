package io.ratelimiter.auditor.store;

import jakarta.validation.constraints.Min;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the sink and its tables.
 *
 * @param databaseUrl of PostgreSQL; empty: no database
 * @param topics decisions topics, the current one first
 * @param generation of the run
 * @param maxLatenessHours hours of append time for which a minute accepts events
 * @param retentionDays days for which rows of clients are kept
 * @param totalsRetentionDays days for which totals are kept
 */
@Validated
@ConfigurationProperties("auditor.store")
public record StoreProperties(
    String databaseUrl,
    List<String> topics,
    @Min(1) int generation,
    @Min(1) int maxLatenessHours,
    @Min(1) int retentionDays,
    @Min(1) int totalsRetentionDays) {

  public StoreProperties {
    topics = List.copyOf(topics);
  }
}
