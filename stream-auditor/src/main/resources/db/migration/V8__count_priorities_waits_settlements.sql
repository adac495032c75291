-- Priorities, waits and settlements. A row without them has null in these columns, which takes no space; the served_
-- views show 0, and null where a client's allowed decisions are not counted.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rate_limit_metrics', 'rate_limit_totals', 'tenant_totals'] LOOP
    EXECUTE format(
      'ALTER TABLE audit.%I
         ADD COLUMN high_allowed_count bigint,
         ADD COLUMN high_blocked_count bigint,
         ADD COLUMN low_allowed_count  bigint,
         ADD COLUMN low_blocked_count  bigint,
         ADD COLUMN waited_count       bigint,
         ADD COLUMN wait_sum_us        bigint,
         ADD COLUMN settled_count      bigint,
         ADD COLUMN cost_settled_back  bigint,
         ADD COLUMN cost_settled_more  bigint,
         ADD COLUMN cost_uncharged     bigint', name);
  END LOOP;
END $$;

ALTER TABLE audit.bills
  ADD COLUMN settled_count     bigint,
  ADD COLUMN cost_settled_back bigint,
  ADD COLUMN cost_settled_more bigint,
  ADD COLUMN cost_uncharged    bigint;

DO $$
DECLARE
  of_allowed constant text[] := ARRAY['high_allowed_count', 'low_allowed_count', 'waited_count', 'wait_sum_us'];
  of_all     constant text[] := ARRAY['high_blocked_count', 'low_blocked_count', 'settled_count',
    'cost_settled_back', 'cost_settled_more', 'cost_uncharged'];
  served record;
BEGIN
  FOR served IN
    SELECT v.view, v.name, v.start, string_agg(
      CASE
        WHEN a.attname = ANY (of_allowed) THEN format('coalesce(t.%1$I, 0 * t.allowed_count) AS %1$I', a.attname)
        WHEN a.attname = ANY (of_all) THEN format('coalesce(t.%1$I, 0) AS %1$I', a.attname)
        ELSE format('t.%I', a.attname)
      END, ', ' ORDER BY a.attnum) AS columns
    FROM (VALUES
      ('served_metrics', 'rate_limit_metrics', 'window_start'),
      ('served_totals', 'rate_limit_totals', 'window_start'),
      ('served_tenants', 'tenant_totals', 'window_start'),
      ('served_bills', 'bills', 'day')) AS v (view, name, start)
    JOIN pg_attribute a ON a.attrelid = format('audit.%I', v.name)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY v.view, v.name, v.start
  LOOP
    EXECUTE format(
      'CREATE OR REPLACE VIEW audit.%I AS
       SELECT %s FROM audit.%I t JOIN audit.generations g USING (topic, partition, generation)
       WHERE t.%4$I >= g.serves_from AND t.%4$I < g.serves_until',
      served.view, served.columns, served.name, served.start);
  END LOOP;
END $$;

-- Views by rule, by caller's tenant and by client. The columns that existed keep their places.
DO $$
DECLARE
  by_rule       constant text := 'tenant, limit_key, rule, algorithm';
  sums          constant text :=
    'sum(allowed_count)::bigint AS allowed_count, sum(blocked_count)::bigint AS blocked_count,
     sum(error_count)::bigint AS error_count, sum(degraded_count)::bigint AS degraded_count,
     sum(late_count)::bigint AS late_count';
  shadow_sums   constant text :=
    'sum(shadow_checked_count)::bigint AS shadow_checked_count,
     sum(shadow_blocked_count)::bigint AS shadow_blocked_count';
  cost_sums     constant text :=
    'sum(cost_allowed)::bigint AS cost_allowed, sum(cost_blocked)::bigint AS cost_blocked,
     (sum(blocked_count) / nullif(sum(allowed_count) + sum(blocked_count), 0))::double precision AS block_rate';
  further_sums  constant text :=
    'sum(too_costly_count)::bigint AS too_costly_count, sum(refund_count)::bigint AS refund_count,
     sum(cost_refunded)::bigint AS cost_refunded, sum(reset_count)::bigint AS reset_count,
     min(first_blocked_at) AS first_blocked_at, max(last_blocked_at) AS last_blocked_at';
  spending_sums constant text :=
    'sum(high_allowed_count)::bigint AS high_allowed_count, sum(high_blocked_count)::bigint AS high_blocked_count,
     sum(low_allowed_count)::bigint AS low_allowed_count, sum(low_blocked_count)::bigint AS low_blocked_count,
     sum(waited_count)::bigint AS waited_count, sum(wait_sum_us)::bigint AS wait_sum_us,
     sum(settled_count)::bigint AS settled_count, sum(cost_settled_back)::bigint AS cost_settled_back,
     sum(cost_settled_more)::bigint AS cost_settled_more, sum(cost_uncharged)::bigint AS cost_uncharged';
  columns       constant text :=
    't.allowed_count, t.blocked_count, t.error_count, t.degraded_count, t.late_count';
  further       constant text :=
    't.too_costly_count, t.refund_count, t.cost_refunded, t.reset_count, t.first_blocked_at, t.last_blocked_at';
  spending      constant text :=
    't.high_allowed_count, t.high_blocked_count, t.low_allowed_count, t.low_blocked_count, t.waited_count,
     t.wait_sum_us, t.settled_count, t.cost_settled_back, t.cost_settled_more, t.cost_uncharged';
  spans         constant text :=
    'generate_series(
       (SELECT date_trunc(%1$L, min(window_start), ''UTC'') FROM audit.%2$I),
       (SELECT max(window_start) FROM audit.%2$I),
       interval %3$L) AS span (start)';
  span record;
BEGIN
  EXECUTE format(
    'CREATE OR REPLACE VIEW audit.block_rate_by_minute AS
     SELECT window_start, %1$s, %2$s, %3$s, %4$s,
       coalesce(window_start < (SELECT audit.closed_before()), false) AS final, %5$s,
       sum(shadow_only_blocked_count)::bigint AS shadow_only_blocked_count, %6$s
     FROM audit.served_totals GROUP BY window_start, %1$s',
    by_rule, sums, shadow_sums, cost_sums, further_sums, spending_sums);
  EXECUTE format(
    'CREATE OR REPLACE VIEW audit.tenant_block_rate_by_minute AS
     SELECT window_start, tenant, %1$s, %2$s,
       coalesce(window_start < (SELECT audit.closed_before()), false) AS final, %3$s, %4$s
     FROM audit.served_tenants GROUP BY window_start, tenant',
    sums, cost_sums, further_sums, spending_sums);
  EXECUTE format(
    'CREATE OR REPLACE VIEW audit.client_block_rate_by_minute AS
     SELECT window_start, tenant, client_id, limit_key, rule, algorithm, %1$s, %2$s, %3$s,
       coalesce(window_start < (SELECT audit.closed_before()), false) AS final, %4$s,
       sum(shadow_only_blocked_count)::bigint AS shadow_only_blocked_count, %5$s
     FROM audit.served_metrics GROUP BY window_start, tenant, client_id, limit_key, rule, algorithm',
    sums, shadow_sums, cost_sums, further_sums, spending_sums);

  -- 24 hours are a day of UTC, whatever the session's time zone.
  FOR span IN SELECT * FROM (VALUES ('hour', '1 hour'), ('day', '24 hours')) AS v (unit, length) LOOP
    EXECUTE format(
      'CREATE OR REPLACE VIEW audit.block_rate_by_%1$s AS
       SELECT span.start AS %1$s, t.tenant, t.limit_key, t.rule, t.algorithm, %3$s,
         t.shadow_checked_count, t.shadow_blocked_count, t.cost_allowed, t.cost_blocked, t.block_rate,
         coalesce(span.start + interval %2$L <= (SELECT audit.closed_before()), false) AS final,
         %4$s, t.shadow_only_blocked_count, %5$s
       FROM %6$s CROSS JOIN LATERAL (
         SELECT %7$s, %8$s, %9$s, %10$s, %11$s,
           sum(shadow_only_blocked_count)::bigint AS shadow_only_blocked_count, %12$s
         FROM audit.served_totals
         WHERE window_start >= span.start AND window_start < span.start + interval %2$L
         GROUP BY %7$s) AS t',
      span.unit, span.length, columns, further, spending,
      format(spans, span.unit, 'rate_limit_totals', span.length),
      by_rule, sums, shadow_sums, cost_sums, further_sums, spending_sums);
    EXECUTE format(
      'CREATE OR REPLACE VIEW audit.tenant_block_rate_by_%1$s AS
       SELECT span.start AS %1$s, t.tenant, %3$s, t.cost_allowed, t.cost_blocked, t.block_rate,
         coalesce(span.start + interval %2$L <= (SELECT audit.closed_before()), false) AS final, %4$s, %5$s
       FROM %6$s CROSS JOIN LATERAL (
         SELECT tenant, %7$s, %8$s, %9$s, %10$s
         FROM audit.served_tenants
         WHERE window_start >= span.start AND window_start < span.start + interval %2$L
         GROUP BY tenant) AS t',
      span.unit, span.length, columns, further, spending,
      format(spans, span.unit, 'tenant_totals', span.length),
      sums, cost_sums, further_sums, spending_sums);
  END LOOP;
END $$;

CREATE VIEW audit.priority_block_rate_by_hour AS
  SELECT
    t.hour,
    t.tenant,
    t.limit_key,
    t.rule,
    t.algorithm,
    p.priority,
    p.allowed_count,
    p.blocked_count,
    p.blocked_count::double precision / (p.allowed_count + p.blocked_count) AS block_rate,
    t.final
  FROM audit.block_rate_by_hour t
  CROSS JOIN LATERAL (VALUES
    ('high', t.high_allowed_count, t.high_blocked_count),
    ('normal',
      t.allowed_count - t.high_allowed_count - t.low_allowed_count,
      t.blocked_count - t.high_blocked_count - t.low_blocked_count),
    ('low', t.low_allowed_count, t.low_blocked_count)) AS p (priority, allowed_count, blocked_count)
  WHERE p.allowed_count + p.blocked_count > 0;

CREATE OR REPLACE VIEW audit.client_costs AS
  SELECT
    span.day,
    t.tenant,
    t.client_id,
    t.allowed_count,
    t.cost_allowed,
    t.refund_count,
    t.cost_refunded,
    t.reset_count,
    t.cost_allowed - t.cost_refunded - t.cost_settled_back + t.cost_settled_more AS net_cost,
    coalesce(span.day + interval '24 hours' <= (SELECT audit.closed_before()), false) AS final,
    t.settled_count,
    t.cost_settled_back,
    t.cost_settled_more,
    t.cost_uncharged
  FROM generate_series(
         (SELECT date_trunc('day', min(window_start), 'UTC') FROM audit.rate_limit_metrics),
         (SELECT max(window_start) FROM audit.rate_limit_metrics),
         interval '24 hours') AS span (day)
  CROSS JOIN LATERAL (
    SELECT
      tenant,
      client_id,
      sum(allowed_count)::bigint     AS allowed_count,
      sum(cost_allowed)::bigint      AS cost_allowed,
      sum(refund_count)::bigint      AS refund_count,
      sum(cost_refunded)::bigint     AS cost_refunded,
      sum(reset_count)::bigint       AS reset_count,
      sum(settled_count)::bigint     AS settled_count,
      sum(cost_settled_back)::bigint AS cost_settled_back,
      sum(cost_settled_more)::bigint AS cost_settled_more,
      sum(cost_uncharged)::bigint    AS cost_uncharged
    FROM audit.served_metrics
    WHERE window_start >= span.day AND window_start < span.day + interval '24 hours'
    GROUP BY tenant, client_id) AS t;

CREATE OR REPLACE VIEW audit.bills_by_month AS
  SELECT
    date_trunc('month', day, 'UTC')                AS month,
    tenant,
    client_id,
    sum(allowed_count)::bigint                     AS allowed_count,
    sum(cost_allowed)::bigint                      AS cost_allowed,
    sum(refund_count)::bigint                      AS refund_count,
    sum(cost_refunded)::bigint                     AS cost_refunded,
    (sum(cost_allowed) - sum(cost_refunded) - sum(cost_settled_back) + sum(cost_settled_more))::bigint
                                                   AS net_cost,
    -- The length of a month is that of UTC, whatever the session's time zone.
    coalesce(
      (date_trunc('month', min(day) AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
        <= (SELECT audit.closed_before()), false)  AS final,
    sum(settled_count)::bigint                     AS settled_count,
    sum(cost_settled_back)::bigint                 AS cost_settled_back,
    sum(cost_settled_more)::bigint                 AS cost_settled_more,
    sum(cost_uncharged)::bigint                    AS cost_uncharged
  FROM audit.served_bills
  GROUP BY 1, tenant, client_id;

-- The columns of a function's table cannot be changed.
DROP FUNCTION audit.client_minutes;

CREATE FUNCTION audit.client_minutes(
    of_tenant text, of_client text,
    span_from timestamptz DEFAULT now() - interval '1 day', span_to timestamptz DEFAULT now())
  RETURNS TABLE (
    window_start timestamptz, limit_key text, rule text, algorithm text, allowed_count bigint,
    blocked_count bigint, too_costly_count bigint, error_count bigint, degraded_count bigint,
    shadow_checked_count bigint, shadow_blocked_count bigint, cost_allowed bigint, cost_blocked bigint,
    refund_count bigint, cost_refunded bigint, reset_count bigint, first_blocked_at timestamptz,
    last_blocked_at timestamptz, high_allowed_count bigint, high_blocked_count bigint, low_allowed_count bigint,
    low_blocked_count bigint, waited_count bigint, wait_sum_us bigint, settled_count bigint,
    cost_settled_back bigint, cost_settled_more bigint, cost_uncharged bigint)
  LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT minutes.minute, t.*
  FROM generate_series(
         date_trunc('minute', span_from, 'UTC'), span_to - interval '1 microsecond', interval '1 minute')
         AS minutes (minute)
  CROSS JOIN LATERAL (
    SELECT
      m.limit_key, m.rule, m.algorithm, sum(m.allowed_count)::bigint, sum(m.blocked_count)::bigint,
      sum(m.too_costly_count)::bigint, sum(m.error_count)::bigint, sum(m.degraded_count)::bigint,
      sum(m.shadow_checked_count)::bigint, sum(m.shadow_blocked_count)::bigint, sum(m.cost_allowed)::bigint,
      sum(m.cost_blocked)::bigint, sum(m.refund_count)::bigint, sum(m.cost_refunded)::bigint,
      sum(m.reset_count)::bigint, min(m.first_blocked_at), max(m.last_blocked_at),
      sum(m.high_allowed_count)::bigint, sum(m.high_blocked_count)::bigint, sum(m.low_allowed_count)::bigint,
      sum(m.low_blocked_count)::bigint, sum(m.waited_count)::bigint, sum(m.wait_sum_us)::bigint,
      sum(m.settled_count)::bigint, sum(m.cost_settled_back)::bigint, sum(m.cost_settled_more)::bigint,
      sum(m.cost_uncharged)::bigint
    FROM audit.served_metrics m
    WHERE m.window_start = minutes.minute AND m.tenant = of_tenant AND m.client_id = of_client
    GROUP BY m.limit_key, m.rule, m.algorithm) AS t;
END;

COMMENT ON FUNCTION audit.client_minutes IS
  'The minutes of one client by limit key and rule, counts and units, from span_from (down to the whole minute, UTC) until before span_to, the last day by default. Reads the rows of this client in the day partitions of that span only. Figures of minutes from audit.closed_before() on may still change.';
COMMENT ON VIEW audit.priority_block_rate_by_hour IS
  'Decisions (counts) and block rate (0 to 1) by hour, rule and priority of the check. Whole hours (UTC): a condition within one does not divide it. Figures may still change until final.';
COMMENT ON VIEW audit.client_costs IS
  'What each client used and got back (units) by day. A refund or a settlement counts on the day on which it was made. cost_allowed and what follows from it are null with AUDIT_CLIENT_DETAIL=blocked. Whole days (UTC): a condition within one does not divide it. Figures may still change until final.';
COMMENT ON COLUMN audit.client_costs.net_cost IS 'cost_allowed - cost_refunded - cost_settled_back + cost_settled_more';
COMMENT ON COLUMN audit.bills_by_month.net_cost IS 'cost_allowed - cost_refunded - cost_settled_back + cost_settled_more';

-- A column means the same in every table and view, so each is described once.
DO $$
DECLARE
  what record;
BEGIN
  FOR what IN
    SELECT c.relname, a.attname, v.means, CASE WHEN c.relkind <> 'v' THEN '; null: none' ELSE '' END AS null_means
    FROM (VALUES
      ('hour', 'Start of the hour (UTC)'),
      ('tenant', 'Tenant of the rule, (none) where none applied'),
      ('limit_key', 'Limit key of the rule, * for all'),
      ('rule', 'Name of the rule; (none) where none applied'),
      ('algorithm', 'Algorithm of the rule; (none) where none applied'),
      ('priority', 'Priority of the checks: high, normal or low'),
      ('allowed_count', 'Decisions that allowed'),
      ('blocked_count', 'Decisions that blocked'),
      ('block_rate', 'blocked / (allowed + blocked), 0 to 1'),
      ('final', 'Whether no event can change these figures any more'),
      ('high_allowed_count', 'How many of the allowed ones were of high priority'),
      ('high_blocked_count', 'How many of the blocked ones were of high priority'),
      ('low_allowed_count', 'How many of the allowed ones were of low priority'),
      ('low_blocked_count', 'How many of the blocked ones were of low priority'),
      ('waited_count', 'How many of the allowed ones had to wait for their units'),
      ('wait_sum_us', 'Sum of these waits, microseconds'),
      ('settled_count', 'Settlements, counted when they were made'),
      ('cost_settled_back', 'Units by which settlements were below their estimate; the estimates are in cost_allowed'),
      ('cost_settled_more', 'Units that settlements charged in addition to their estimate'),
      ('cost_uncharged', 'Units of settlements beyond the overdraft of the rule, which were not charged')) AS v (name, means)
    JOIN pg_attribute a ON a.attname = v.name AND a.attnum > 0
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
    WHERE c.relnamespace = 'audit'::regnamespace AND col_description(c.oid, a.attnum) IS NULL
  LOOP
    EXECUTE format('COMMENT ON COLUMN audit.%I.%I IS %L', what.relname, what.attname, what.means || what.null_means);
  END LOOP;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT SELECT ON audit.priority_block_rate_by_hour TO analyst;
  END IF;
END $$;
