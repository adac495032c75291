package io.ratelimiter.endtoend;

/** An hour of audit figures for screenshots, whose charts would otherwise have one point. */
final class CountedHour {

  private static final String COLUMNS =
      """
      rule, algorithm, allowed_count, blocked_count, error_count, degraded_count, late_count,
        shadow_checked_count, shadow_blocked_count, cost_allowed, cost_blocked, latency_sum_us,
        latency_max_us, first_event_at, last_event_at, partition, generation, revision
      """;

  private static final String MINUTES =
      """
      (SELECT minute, client, rule, max_allowed,
          round(max_allowed * (0.6 + 0.3 * sin(extract(epoch FROM minute) / 500 + max_allowed) + 0.1 * random())) AS allowed,
          round(max_allowed * greatest(0, blocks * sin(extract(epoch FROM minute) / 700))) AS blocked
        FROM generate_series(
            greatest(date_trunc('day', now(), 'UTC'), date_trunc('minute', now()) - interval '58 minutes'),
            date_trunc('minute', now()) - interval '1 minute', interval '1 minute') AS minute,
          (VALUES ('api_client', 'api_client', 20, 1.4), ('premium_client', 'premium_client', 310, 0.0),
            ('acme-web', 'default', 140, 0.1), ('crawler-x', 'default', 90, 0.5))
            AS made (client, rule, max_allowed, blocks)) AS minutes
      """;

  private static final String FIGURES =
      """
      rule, 'token_bucket', allowed, blocked, 0, 0, 0, 0, 0, allowed, blocked, 450 * allowed, 9000,
        minute, minute, 0, 1, 1
      """;

  private CountedHour() {}

  /** Inserts the hour; the auditor has no decisions of those minutes. */
  static void insertInto(Database database) {
    database.execute(
        """
        INSERT INTO audit.rate_limit_metrics (window_start, tenant, client_id, limit_key, %s)
        SELECT minute, 'default', client, 'global', %s FROM %s
        ON CONFLICT DO NOTHING
        """
            .formatted(COLUMNS, FIGURES, MINUTES));
    database.execute(
        """
        INSERT INTO audit.rate_limit_totals (window_start, tenant, limit_key, latency_buckets,
          latency_counts, %s)
        SELECT minute, 'default', '*', ARRAY[140, 160, 185], ARRAY[70, 26, 4], %s
        FROM (SELECT minute, rule, sum(allowed) AS allowed, sum(blocked) AS blocked
          FROM %s GROUP BY minute, rule) AS summed
        ON CONFLICT DO NOTHING
        """
            .formatted(COLUMNS, FIGURES, MINUTES));
  }
}
