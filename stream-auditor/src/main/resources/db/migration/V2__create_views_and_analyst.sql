-- What analysts read. Hours and days are joined sideways, so that a condition on them reaches the
-- day partitions: a view over the last day touches no older one.

CREATE FUNCTION audit.closed_before() RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (SELECT CASE WHEN count(*) = max(partitions) THEN min(closed_before) END FROM audit.watermarks);
COMMENT ON FUNCTION audit.closed_before IS
  'Minutes before this one are final: no event can change them any more. Null while a partition has not been heard of.';

CREATE FUNCTION audit.latency_bucket_us(bucket integer) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN power(1.02::double precision / 0.98, bucket) * 1.02;
COMMENT ON FUNCTION audit.latency_bucket_us IS
  'The latency in microseconds that stands for a bucket, at most 2 % off: bucket i holds (1.02 / 0.98)^i to (1.02 / 0.98)^(i + 1).';

CREATE FUNCTION audit.latency_us(
    quantile double precision, span_from timestamptz, span_to timestamptz,
    of_tenant text DEFAULT NULL, of_rule text DEFAULT NULL)
  RETURNS double precision
  LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT audit.latency_bucket_us(min(bucket))
  FROM (
    SELECT bucket, sum(n) OVER (ORDER BY bucket) AS up_to, sum(n) OVER () AS total
    FROM (
      SELECT h.bucket, sum(h.n) AS n
      FROM audit.rate_limit_totals t,
           LATERAL unnest(t.latency_buckets, t.latency_counts) AS h (bucket, n)
      WHERE t.window_start >= span_from AND t.window_start < span_to
        AND (of_tenant IS NULL OR t.tenant = of_tenant)
        AND (of_rule IS NULL OR t.rule = of_rule)
      GROUP BY h.bucket) AS buckets) AS ranks
  WHERE up_to >= greatest(1, ceil(quantile * total));
END;
COMMENT ON FUNCTION audit.latency_us IS
  'A quantile (0.5, 0.95, 0.99 ...) of the latency of the decisions from span_from up to span_to, in microseconds, at most 2 % off; of one tenant''s rules or one rule where named.';

CREATE VIEW audit.block_rate_by_minute AS
  SELECT
    window_start,
    tenant,
    limit_key,
    rule,
    algorithm,
    sum(allowed_count)::bigint        AS allowed_count,
    sum(blocked_count)::bigint        AS blocked_count,
    sum(error_count)::bigint          AS error_count,
    sum(degraded_count)::bigint       AS degraded_count,
    sum(late_count)::bigint           AS late_count,
    sum(shadow_checked_count)::bigint AS shadow_checked_count,
    sum(shadow_blocked_count)::bigint AS shadow_blocked_count,
    sum(cost_allowed)::bigint         AS cost_allowed,
    sum(cost_blocked)::bigint         AS cost_blocked,
    (sum(blocked_count) / nullif(sum(allowed_count) + sum(blocked_count), 0))::double precision
                                      AS block_rate,
    coalesce(window_start < (SELECT audit.closed_before()), false) AS final
  FROM audit.rate_limit_totals
  GROUP BY window_start, tenant, limit_key, rule, algorithm;

CREATE VIEW audit.block_rate_by_hour AS
  SELECT
    span.hour,
    t.*,
    coalesce(span.hour + interval '1 hour' <= (SELECT audit.closed_before()), false) AS final
  FROM generate_series(
         (SELECT date_trunc('hour', min(window_start), 'UTC') FROM audit.rate_limit_totals),
         (SELECT max(window_start) FROM audit.rate_limit_totals),
         interval '1 hour') AS span (hour)
  CROSS JOIN LATERAL (
    SELECT
      tenant,
      limit_key,
      rule,
      algorithm,
      sum(allowed_count)::bigint        AS allowed_count,
      sum(blocked_count)::bigint        AS blocked_count,
      sum(error_count)::bigint          AS error_count,
      sum(degraded_count)::bigint       AS degraded_count,
      sum(late_count)::bigint           AS late_count,
      sum(shadow_checked_count)::bigint AS shadow_checked_count,
      sum(shadow_blocked_count)::bigint AS shadow_blocked_count,
      sum(cost_allowed)::bigint         AS cost_allowed,
      sum(cost_blocked)::bigint         AS cost_blocked,
      (sum(blocked_count) / nullif(sum(allowed_count) + sum(blocked_count), 0))::double precision
                                        AS block_rate
    FROM audit.rate_limit_totals
    WHERE window_start >= span.hour AND window_start < span.hour + interval '1 hour'
    GROUP BY tenant, limit_key, rule, algorithm) AS t;

-- 24 hours are a day of UTC, whatever the session's time zone; a series can be told a zone since PostgreSQL 16 only.
CREATE VIEW audit.block_rate_by_day AS
  SELECT
    span.day,
    t.*,
    coalesce(span.day + interval '24 hours' <= (SELECT audit.closed_before()), false) AS final
  FROM generate_series(
         (SELECT date_trunc('day', min(window_start), 'UTC') FROM audit.rate_limit_totals),
         (SELECT max(window_start) FROM audit.rate_limit_totals),
         interval '24 hours') AS span (day)
  CROSS JOIN LATERAL (
    SELECT
      tenant,
      limit_key,
      rule,
      algorithm,
      sum(allowed_count)::bigint        AS allowed_count,
      sum(blocked_count)::bigint        AS blocked_count,
      sum(error_count)::bigint          AS error_count,
      sum(degraded_count)::bigint       AS degraded_count,
      sum(late_count)::bigint           AS late_count,
      sum(shadow_checked_count)::bigint AS shadow_checked_count,
      sum(shadow_blocked_count)::bigint AS shadow_blocked_count,
      sum(cost_allowed)::bigint         AS cost_allowed,
      sum(cost_blocked)::bigint         AS cost_blocked,
      (sum(blocked_count) / nullif(sum(allowed_count) + sum(blocked_count), 0))::double precision
                                        AS block_rate
    FROM audit.rate_limit_totals
    WHERE window_start >= span.day AND window_start < span.day + interval '24 hours'
    GROUP BY tenant, limit_key, rule, algorithm) AS t;

CREATE VIEW audit.top_blocked_clients AS
  SELECT
    span.hour,
    t.*,
    coalesce(span.hour + interval '1 hour' <= (SELECT audit.closed_before()), false) AS final
  FROM generate_series(
         (SELECT date_trunc('hour', min(window_start), 'UTC') FROM audit.rate_limit_metrics),
         (SELECT max(window_start) FROM audit.rate_limit_metrics),
         interval '1 hour') AS span (hour)
  CROSS JOIN LATERAL (
    SELECT
      tenant,
      client_id,
      limit_key,
      sum(blocked_count)::bigint AS blocked_count,
      sum(cost_blocked)::bigint  AS cost_blocked,
      count(DISTINCT window_start) AS minutes_blocked
    FROM audit.rate_limit_metrics
    WHERE window_start >= span.hour AND window_start < span.hour + interval '1 hour'
      AND blocked_count > 0
    GROUP BY tenant, client_id, limit_key) AS t;

CREATE VIEW audit.rule_effectiveness AS
  SELECT
    d.day,
    d.tenant,
    d.limit_key,
    d.rule,
    d.algorithm,
    d.allowed_count + d.blocked_count AS checked_count,
    d.blocked_count,
    d.block_rate,
    d.cost_blocked,
    d.blocked_count::double precision
      / nullif(sum(d.blocked_count) OVER (PARTITION BY d.day), 0) AS share_of_blocks,
    d.shadow_checked_count,
    d.shadow_blocked_count,
    d.shadow_blocked_count::double precision / nullif(d.shadow_checked_count, 0)
      AS shadow_block_rate,
    d.error_count,
    d.degraded_count,
    audit.latency_us(0.95, d.day, d.day + interval '1 day', d.tenant, d.rule) AS p95_latency_us,
    d.final
  FROM audit.block_rate_by_day d;

CREATE VIEW audit.audit_completeness AS
  SELECT
    instance,
    count(DISTINCT epoch)                         AS epochs,
    count(DISTINCT epoch) FILTER (WHERE NOT closed) AS open_epochs,
    sum(issued)::bigint                           AS issued,
    sum(received)::bigint                         AS received,
    sum(lost)::bigint                             AS lost,
    sum(duplicate)::bigint                        AS duplicate,
    sum(dropped)::bigint                          AS dropped,
    bool_or(unknown_tail)                         AS unknown_tail,
    max(last_word_at)                             AS last_word_at
  FROM audit.series
  GROUP BY instance;

COMMENT ON VIEW audit.audit_completeness IS 'Whether anything is missing, for each limiter.';
COMMENT ON COLUMN audit.audit_completeness.instance IS 'INSTANCE_ID of the limiter';
COMMENT ON COLUMN audit.audit_completeness.epochs IS 'How often it was started, as far as remembered';
COMMENT ON COLUMN audit.audit_completeness.open_epochs IS 'Starts of which more is expected';
COMMENT ON COLUMN audit.audit_completeness.issued IS 'Decisions and adjustments that it numbered';
COMMENT ON COLUMN audit.audit_completeness.received IS 'How many of them came, each counted once';
COMMENT ON COLUMN audit.audit_completeness.lost IS 'How many will not come any more, though it did not drop them';
COMMENT ON COLUMN audit.audit_completeness.duplicate IS 'Records that came once more; they are not counted anywhere else';
COMMENT ON COLUMN audit.audit_completeness.dropped IS 'How many it gave up and said so';
COMMENT ON COLUMN audit.audit_completeness.unknown_tail IS 'Whether a start ended without a last word, so that more may be missing than is known; null while all are open';
COMMENT ON COLUMN audit.audit_completeness.last_word_at IS 'When Kafka appended its last record';

COMMENT ON VIEW audit.block_rate_by_minute IS 'Decisions and block rate by minute and rule.';
COMMENT ON VIEW audit.block_rate_by_hour IS 'Decisions and block rate by hour (UTC) and rule.';
COMMENT ON VIEW audit.block_rate_by_day IS 'Decisions and block rate by day (UTC) and rule.';
COMMENT ON VIEW audit.top_blocked_clients IS 'Clients that were blocked, by hour (UTC) and limit key.';
COMMENT ON VIEW audit.rule_effectiveness IS 'What each rule does, by day (UTC): shadow rules included.';
COMMENT ON COLUMN audit.block_rate_by_minute.window_start IS 'Start of the minute (UTC)';
COMMENT ON COLUMN audit.block_rate_by_hour.hour IS 'Start of the hour (UTC)';
COMMENT ON COLUMN audit.block_rate_by_day.day IS 'Start of the day (UTC)';

-- The three views have the same columns: they are described once.
DO $$
DECLARE
  view text;
  what record;
BEGIN
  FOREACH view IN ARRAY ARRAY['block_rate_by_minute', 'block_rate_by_hour', 'block_rate_by_day'] LOOP
    FOR what IN SELECT * FROM (VALUES
        ('tenant', 'Tenant of the rule; (none) where none applied'),
        ('limit_key', 'Limit key of the rule, * for all; (none) where none applied'),
        ('rule', 'Name of the rule; (none) where none applied'),
        ('algorithm', 'Algorithm of the rule; (none) where none applied'),
        ('allowed_count', 'Decisions that allowed'),
        ('blocked_count', 'Decisions that blocked'),
        ('error_count', 'Decisions that failed closed because the store did not answer'),
        ('degraded_count', 'How many of all were made without the store'),
        ('late_count', 'How many of all are counted in the minute of their arrival'),
        ('shadow_checked_count', 'Shadow rule only: checks that it looked at'),
        ('shadow_blocked_count', 'Shadow rule only: checks that it would have blocked'),
        ('cost_allowed', 'Units that the allowed decisions took'),
        ('cost_blocked', 'Units that the blocked decisions asked for'),
        ('block_rate', 'blocked / (allowed + blocked), 0 to 1; null where nothing was decided'),
        ('final', 'Whether no event can change these figures any more')) AS v (name, means) LOOP
      EXECUTE format('COMMENT ON COLUMN audit.%I.%I IS %L', view, what.name, what.means);
    END LOOP;
  END LOOP;
END $$;

COMMENT ON COLUMN audit.top_blocked_clients.hour IS 'Start of the hour (UTC)';
COMMENT ON COLUMN audit.top_blocked_clients.tenant IS 'Tenant of the caller';
COMMENT ON COLUMN audit.top_blocked_clients.client_id IS 'Who was blocked';
COMMENT ON COLUMN audit.top_blocked_clients.limit_key IS 'Endpoint or resource, as the caller sent it';
COMMENT ON COLUMN audit.top_blocked_clients.blocked_count IS 'Decisions that blocked';
COMMENT ON COLUMN audit.top_blocked_clients.cost_blocked IS 'Units that they asked for';
COMMENT ON COLUMN audit.top_blocked_clients.minutes_blocked IS 'Minutes of the hour with a block';
COMMENT ON COLUMN audit.top_blocked_clients.final IS 'Whether no event can change these figures any more';

COMMENT ON COLUMN audit.rule_effectiveness.day IS 'Start of the day (UTC)';
COMMENT ON COLUMN audit.rule_effectiveness.tenant IS 'Tenant of the rule; (none) where none applied';
COMMENT ON COLUMN audit.rule_effectiveness.limit_key IS 'Limit key of the rule, * for all';
COMMENT ON COLUMN audit.rule_effectiveness.rule IS 'Name of the rule';
COMMENT ON COLUMN audit.rule_effectiveness.algorithm IS 'Algorithm of the rule';
COMMENT ON COLUMN audit.rule_effectiveness.checked_count IS 'Decisions of which the rule was at the top';
COMMENT ON COLUMN audit.rule_effectiveness.blocked_count IS 'Decisions that it blocked';
COMMENT ON COLUMN audit.rule_effectiveness.block_rate IS 'blocked / checked, 0 to 1; null where nothing was decided';
COMMENT ON COLUMN audit.rule_effectiveness.cost_blocked IS 'Units that the blocked decisions asked for';
COMMENT ON COLUMN audit.rule_effectiveness.share_of_blocks IS 'This rule''s part in the blocks of the day, 0 to 1';
COMMENT ON COLUMN audit.rule_effectiveness.shadow_checked_count IS 'Shadow rule only: checks that it looked at';
COMMENT ON COLUMN audit.rule_effectiveness.shadow_blocked_count IS 'Shadow rule only: checks that it would have blocked';
COMMENT ON COLUMN audit.rule_effectiveness.shadow_block_rate IS 'Shadow rule only: would have blocked / looked at, 0 to 1';
COMMENT ON COLUMN audit.rule_effectiveness.error_count IS 'Decisions that failed closed because the store did not answer';
COMMENT ON COLUMN audit.rule_effectiveness.degraded_count IS 'How many were made without the store';
COMMENT ON COLUMN audit.rule_effectiveness.p95_latency_us IS 'Latency that 95 % of the decisions did not exceed, microseconds, at most 2 % off';
COMMENT ON COLUMN audit.rule_effectiveness.final IS 'Whether no event can change these figures any more';

-- Analysts may read this schema and nothing else. Roles belong to the whole server: another database
-- may have made it, and whoever migrates may not be allowed to.
DO $$
BEGIN
  CREATE ROLE analyst NOLOGIN;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE WARNING 'role analyst is missing: CREATE ROLE analyst NOLOGIN, then run the grants of this migration';
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT USAGE ON SCHEMA audit TO analyst;
    GRANT SELECT ON ALL TABLES IN SCHEMA audit TO analyst;
    ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO analyst;
  END IF;
END $$;
