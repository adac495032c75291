-- Both views answered the last day in more than 100 ms.

-- Without the latency of each rule and day: adding up a day's histograms takes 0.1 s for each rule, and whoever
-- did not ask for it waited too. SELECT audit.latency_us(0.95, day, day + interval '1 day', tenant, rule).

DROP VIEW audit.rule_effectiveness;

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
    d.final
  FROM audit.block_rate_by_day d;

COMMENT ON VIEW audit.rule_effectiveness IS 'What each rule does, by day (UTC): shadow rules included.';
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
COMMENT ON COLUMN audit.rule_effectiveness.final IS 'Whether no event can change these figures any more';

-- count(DISTINCT window_start) sorts the rows of each hour by all of their texts; counting rows of rows does not.

DROP VIEW audit.top_blocked_clients;

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
      count(*)                   AS minutes_blocked
    FROM (
      SELECT
        tenant,
        client_id,
        limit_key,
        window_start,
        sum(blocked_count) AS blocked_count,
        sum(cost_blocked)  AS cost_blocked
      FROM audit.rate_limit_metrics
      WHERE window_start >= span.hour AND window_start < span.hour + interval '1 hour'
        AND blocked_count > 0
      GROUP BY tenant, client_id, limit_key, window_start) AS minutes
    GROUP BY tenant, client_id, limit_key) AS t;

COMMENT ON VIEW audit.top_blocked_clients IS 'Clients that were blocked, by hour (UTC) and limit key.';
COMMENT ON COLUMN audit.top_blocked_clients.hour IS 'Start of the hour (UTC)';
COMMENT ON COLUMN audit.top_blocked_clients.tenant IS 'Tenant of the caller';
COMMENT ON COLUMN audit.top_blocked_clients.client_id IS 'Who was blocked';
COMMENT ON COLUMN audit.top_blocked_clients.limit_key IS 'Endpoint or resource, as the caller sent it';
COMMENT ON COLUMN audit.top_blocked_clients.blocked_count IS 'Decisions that blocked';
COMMENT ON COLUMN audit.top_blocked_clients.cost_blocked IS 'Units that they asked for';
COMMENT ON COLUMN audit.top_blocked_clients.minutes_blocked IS 'Minutes of the hour with a block';
COMMENT ON COLUMN audit.top_blocked_clients.final IS 'Whether no event can change these figures any more';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT SELECT ON audit.rule_effectiveness, audit.top_blocked_clients TO analyst;
  END IF;
END $$;
