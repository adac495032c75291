package io.ratelimiter.service.analytics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Queries the auditor's tables, each method in a read-only transaction whose queries the database
 * cancels after 8 s. Every method blocks for at most 10 s and throws {@link
 * AnalyticsUnavailableException} when the database does not answer or lacks the tables.
 */
public final class AuditTables {

  /** Max rules returned. */
  public static final int MAX_RULES = 10_000;

  /** Max tenants returned. */
  public static final int MAX_TENANTS = 1_000;

  /** Max changes of rules returned. */
  public static final int MAX_CHANGES = 100;

  /**
   * Max span times rules for which latencies are computed: one busy day of one rule takes the
   * database 80 ms.
   */
  public static final Duration MAX_LATENCIES = Duration.ofDays(30);

  private final BoundedQueries queries;
  private final JdbcClient jdbc;

  AuditTables(DataSource dataSource) {
    this.queries = new BoundedQueries(dataSource);
    this.jdbc = queries.jdbc();
  }

  /**
   * The decisions of each step of the span that has any, oldest first.
   *
   * @param tenant of the callers; null for all
   */
  public List<BlockRate> blockRates(Span span, Step step, @Nullable String tenant) {
    return queries.query(() ->
        jdbc.sql(
                """
                SELECT steps.*,
                  coalesce(start + CAST(:length AS interval) <= (SELECT audit.closed_before()), false)
                    AS complete
                FROM (
                  SELECT date_trunc(:step, window_start, 'UTC') AS start,
                    sum(allowed_count) AS allowed, sum(blocked_count) AS blocked,
                    sum(too_costly_count) AS too_costly, sum(error_count) AS errors,
                    sum(degraded_count) AS degraded
                  FROM audit.%s
                  WHERE window_start >= :from AND window_start < :to
                    AND (CAST(:tenant AS text) IS NULL OR tenant = :tenant)
                  GROUP BY 1) AS steps
                ORDER BY start
                """
                    .formatted(tenant == null ? "served_totals" : "served_tenants"))
            .param("tenant", tenant)
            .param("step", step.wireName())
            .param("length", "1 " + step.wireName())
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
            .query((row, _) ->
                new BlockRate(
                    row.getObject("start", OffsetDateTime.class).toInstant(),
                    row.getLong("allowed"),
                    row.getLong("blocked"),
                    row.getLong("too_costly"),
                    row.getLong("errors"),
                    row.getLong("degraded"),
                    row.getBoolean("complete")))
            .list());
  }

  /** The tenants of the callers, most blocks first; max {@link #MAX_TENANTS}. */
  public List<TenantUse> tenants(Span span) {
    return queries.query(() ->
        jdbc.sql(
                """
                SELECT tenant, sum(allowed_count) AS allowed, sum(blocked_count) AS blocked,
                  sum(too_costly_count) AS too_costly, sum(error_count) AS errors,
                  sum(cost_allowed - cost_refunded - cost_settled_back + cost_settled_more)
                    AS net_cost,
                  max(last_blocked_at) AS last_blocked
                FROM audit.served_tenants
                WHERE window_start >= :from AND window_start < :to
                GROUP BY tenant
                ORDER BY blocked DESC, allowed DESC, tenant LIMIT :max
                """)
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
            .param("max", MAX_TENANTS)
            .query((row, _) ->
                new TenantUse(
                    row.getString("tenant"),
                    row.getLong("allowed"),
                    row.getLong("blocked"),
                    row.getLong("too_costly"),
                    row.getLong("errors"),
                    row.getLong("net_cost"),
                    instant(row, "last_blocked")))
            .list());
  }

  /** The changes of rules in the span, oldest first; max {@link #MAX_CHANGES}, the newest ones. */
  public List<RuleChange> ruleChanges(Span span) {
    return queries.query(() ->
        jdbc.sql(
                """
                SELECT revision, min(changed_at) AS changed_at, count(*) AS rules,
                  min(coalesce(after, before) ->> 'name') AS rule
                FROM limiter.rate_limit_rules_history
                WHERE changed_at >= :from AND changed_at < :to
                GROUP BY revision
                ORDER BY revision DESC LIMIT :max
                """)
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
            .param("max", MAX_CHANGES)
            .query((row, _) ->
                new RuleChange(
                    row.getLong("revision"),
                    row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                    row.getLong("rules"),
                    row.getString("rule")))
            .list()
            .reversed());
  }

  /**
   * The clients and limit keys with the most blocked checks, in descending order.
   *
   * @param tenant of the clients; null for all
   */
  public List<BlockedClient> topBlocked(Span span, @Nullable String tenant, int limit) {
    return queries.query(() ->
        jdbc.sql(
                """
                SELECT tenant, client_id, limit_key, sum(allowed_count) AS allowed,
                  sum(blocked_count) AS blocked, sum(cost_blocked) AS cost_blocked,
                  count(DISTINCT window_start) AS minutes
                FROM audit.served_metrics
                WHERE window_start >= :from AND window_start < :to AND blocked_count > 0
                  AND (CAST(:tenant AS text) IS NULL OR tenant = :tenant)
                GROUP BY tenant, client_id, limit_key
                ORDER BY blocked DESC, tenant, client_id, limit_key LIMIT :limit
                """)
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
            .param("tenant", tenant)
            .param("limit", limit)
            .query((row, _) ->
                new BlockedClient(
                    row.getString("tenant"),
                    row.getString("client_id"),
                    row.getString("limit_key"),
                    row.getObject("allowed") == null ? null : row.getLong("allowed"),
                    row.getLong("blocked"),
                    row.getLong("cost_blocked"),
                    row.getLong("minutes")))
            .list());
  }

  /** The decisions of each rule, most blocks first; max {@link #MAX_RULES}. */
  public List<RuleEffect> rules(Span span) {
    return queries.query(() ->
        jdbc.sql(
                """
                WITH effects AS (
                  SELECT tenant, limit_key, rule, algorithm, sum(allowed_count) AS allowed,
                    sum(blocked_count) AS blocked, sum(error_count) AS errors,
                    sum(degraded_count) AS degraded, sum(shadow_checked_count) AS shadow_checked,
                    sum(shadow_blocked_count) AS shadow_blocked
                  FROM audit.served_totals
                  WHERE window_start >= :from AND window_start < :to
                  GROUP BY tenant, limit_key, rule, algorithm),
                buckets AS (
                  SELECT tenant, rule, bucket, sum(n) AS n
                  FROM audit.served_totals, unnest(latency_buckets, latency_counts) AS h (bucket, n)
                  WHERE window_start >= :from AND window_start < :to
                    AND (SELECT count(*) FROM effects) <= :measurable
                  GROUP BY tenant, rule, bucket),
                ranks AS (
                  SELECT tenant, rule, bucket,
                    sum(n) OVER (PARTITION BY tenant, rule ORDER BY bucket) AS up_to,
                    sum(n) OVER (PARTITION BY tenant, rule) AS total
                  FROM buckets),
                latencies AS (
                  SELECT tenant, rule, audit.latency_bucket_us(min(bucket)) AS p95
                  FROM ranks WHERE up_to >= greatest(1, ceil(0.95 * total))
                  GROUP BY tenant, rule)
                SELECT * FROM effects LEFT JOIN latencies USING (tenant, rule)
                ORDER BY blocked DESC, allowed DESC, tenant, rule, limit_key, algorithm
                LIMIT :max
                """)
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
            .param("measurable", MAX_LATENCIES.dividedBy(span.length()))
            .param("max", MAX_RULES)
            .query((row, _) ->
                new RuleEffect(
                    row.getString("tenant"),
                    row.getString("limit_key"),
                    row.getString("rule"),
                    row.getString("algorithm"),
                    row.getLong("allowed"),
                    row.getLong("blocked"),
                    row.getLong("errors"),
                    row.getLong("degraded"),
                    row.getLong("shadow_checked"),
                    row.getLong("shadow_blocked"),
                    row.getObject("p95") == null ? null : row.getDouble("p95")))
            .list());
  }

  /**
   * The minutes of one client, newest first; max 2 000. Excludes minutes without a decision: a
   * shadow rule's, and those with refunds only.
   */
  public List<ClientUse> client(String tenant, String clientId, Span span) {
    return queries.query(() ->
        jdbc.sql(
                """
                SELECT window_start, limit_key, rule, sum(allowed_count) AS allowed_count,
                  sum(blocked_count) AS blocked_count, sum(error_count) AS error_count,
                  max(latency_max_us) AS latency_max_us
                FROM audit.served_metrics
                WHERE window_start >= :from AND window_start < :to
                  AND tenant = :tenant AND client_id = :client
                  AND coalesce(allowed_count, 0) + blocked_count + error_count > 0
                GROUP BY window_start, limit_key, rule
                ORDER BY window_start DESC, limit_key, rule LIMIT 2000
                """)
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
            .param("tenant", tenant)
            .param("client", clientId)
            .query((row, _) ->
                new ClientUse(
                    row.getObject("window_start", OffsetDateTime.class).toInstant(),
                    row.getString("limit_key"),
                    row.getString("rule"),
                    row.getObject("allowed_count") == null ? null : row.getLong("allowed_count"),
                    row.getLong("blocked_count"),
                    row.getLong("error_count"),
                    row.getLong("latency_max_us")))
            .list());
  }

  /** How current the tables are. */
  public Freshness freshness() {
    return queries.query(() ->
        jdbc.sql(
                """
                SELECT as_of, extract(epoch FROM age)::bigint AS age_seconds, auditor_seen_at,
                  extract(epoch FROM auditor_silent_for)::bigint AS silent_seconds
                FROM audit.freshness
                """)
            .query((row, _) ->
                new Freshness(
                    instant(row, "as_of"),
                    row.getObject("age_seconds", Long.class),
                    instant(row, "auditor_seen_at"),
                    row.getObject("silent_seconds", Long.class)))
            .single());
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Completeness of each known limiter instance, by name. */
  public List<Completeness> completeness() {
    return queries.query(() ->
        jdbc.sql("SELECT * FROM audit.audit_completeness ORDER BY instance")
            .query((row, _) ->
                new Completeness(
                    row.getString("instance"),
                    row.getLong("epochs"),
                    row.getLong("open_epochs"),
                    row.getLong("issued"),
                    row.getLong("received"),
                    row.getLong("lost"),
                    row.getLong("duplicate"),
                    row.getLong("dropped"),
                    row.getObject("unknown_tail", Boolean.class),
                    row.getObject("last_word_at", OffsetDateTime.class).toInstant()))
            .list());
  }
}
