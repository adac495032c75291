package io.ratelimiter.service.analytics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Queries the auditor's tables, each method in a read-only transaction whose queries the database
 * cancels after 8 s. Every method blocks for at most 10 s and throws {@link
 * AnalyticsUnavailableException} when the database does not answer or lacks the tables.
 */
public final class AuditTables {

  /** Max rules returned. */
  public static final int MAX_RULES = 10_000;

  /**
   * Max span times rules for which latencies are computed: one busy day of one rule takes the
   * database 80 ms.
   */
  public static final Duration MAX_LATENCIES = Duration.ofDays(30);

  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_SCHEMA = "3F000";
  private static final String CANCELED = "57014";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  AuditTables(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    transaction.setReadOnly(true);
  }

  /** The decisions of each step of the span that has any, oldest first. */
  public List<BlockRate> blockRates(Span span, Step step) {
    return query(() ->
        jdbc.sql(
                """
                SELECT steps.*,
                  coalesce(start + CAST(:length AS interval) <= (SELECT audit.closed_before()), false)
                    AS complete
                FROM (
                  SELECT date_trunc(:step, window_start, 'UTC') AS start,
                    sum(allowed_count) AS allowed, sum(blocked_count) AS blocked,
                    sum(error_count) AS errors, sum(degraded_count) AS degraded
                  FROM audit.served_totals
                  WHERE window_start >= :from AND window_start < :to
                  GROUP BY 1) AS steps
                ORDER BY start
                """)
            .param("step", step.wireName())
            .param("length", "1 " + step.wireName())
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
            .query((row, _) ->
                new BlockRate(
                    row.getObject("start", OffsetDateTime.class).toInstant(),
                    row.getLong("allowed"),
                    row.getLong("blocked"),
                    row.getLong("errors"),
                    row.getLong("degraded"),
                    row.getBoolean("complete")))
            .list());
  }

  /** The clients and limit keys with the most blocked checks, in descending order. */
  public List<BlockedClient> topBlocked(Span span, int limit) {
    return query(() ->
        jdbc.sql(
                """
                SELECT tenant, client_id, limit_key, sum(allowed_count) AS allowed,
                  sum(blocked_count) AS blocked, sum(cost_blocked) AS cost_blocked,
                  count(DISTINCT window_start) AS minutes
                FROM audit.served_metrics
                WHERE window_start >= :from AND window_start < :to AND blocked_count > 0
                GROUP BY tenant, client_id, limit_key
                ORDER BY blocked DESC, tenant, client_id, limit_key LIMIT :limit
                """)
            .param("from", span.fromUtc())
            .param("to", span.toUtc())
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
    return query(() ->
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
    return query(() ->
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
    return query(() ->
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
    return query(() ->
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

  private <T> T query(Supplier<T> rows) {
    try {
      return Objects.requireNonNull(
          transaction.execute(_ -> {
            limitTime();
            return rows.get();
          }));
    } catch (DataAccessException | TransactionException e) {
      throw new AnalyticsUnavailableException(reason(e), e);
    }
  }

  /** For the transaction only, since a pooler shares the session with other clients. */
  private void limitTime() {
    jdbc.sql(
            "SELECT set_config('statement_timeout', '8s', true), set_config('timezone', 'UTC', true)")
        .query()
        .singleRow();
  }

  private static String reason(NestedRuntimeException e) {
    String state =
        e.getMostSpecificCause() instanceof SQLException sql
            ? Optional.ofNullable(sql.getSQLState()).orElse("")
            : "";
    return switch (state) {
      case UNDEFINED_TABLE, UNDEFINED_SCHEMA ->
          "the database has no audit tables yet, or older ones: stream-auditor creates them when it"
              + " starts";
      case CANCELED -> "the database took too long: choose a shorter span";
      default ->
          "the database does not answer: "
              + Objects.toString(e.getMostSpecificCause().getMessage(), "no reason given")
                  .lines()
                  .findFirst()
                  .orElse("");
    };
  }
}
