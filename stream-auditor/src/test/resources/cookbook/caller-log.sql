-- The questions of COOKBOOK.md to the callers' own log (CallerLog): raw calls, no sums. 123±4 is an estimate's truth with its max error.

-- 1. How much was blocked in the last hour, minute by minute?
SELECT date_trunc('minute', at) AS minute, count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       round(100.0 * count(*) FILTER (WHERE blocked) / nullif(count(*) FILTER (WHERE allowed OR blocked), 0), 1)
FROM caller.calls
WHERE date_trunc('minute', at) >= now() - interval '1 hour'
GROUP BY minute ORDER BY minute DESC;

-- 2. What is the block rate of each caller's tenant?
SELECT tenant, count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       round(100.0 * count(*) FILTER (WHERE blocked) / count(*) FILTER (WHERE allowed OR blocked), 1)
FROM caller.calls
WHERE date_trunc('hour', at) = date_trunc('hour', now()) - interval '1 hour'
GROUP BY tenant ORDER BY avg(blocked::int) FILTER (WHERE allowed OR blocked) DESC;

-- 3. Why were checks blocked?
SELECT outcome, count(*)
FROM caller.calls
WHERE at >= now() - interval '1 day' AND is_check AND NOT allowed
GROUP BY outcome ORDER BY count(*) DESC;

-- 4. Which limiter decided without the store, why, and what did it decide?
SELECT instance, degraded_reason, source, count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       count(*) FILTER (WHERE outcome = 'store_unavailable')
FROM caller.calls
WHERE at >= now() - interval '1 day' AND degraded_reason IS NOT NULL
GROUP BY instance, degraded_reason, source ORDER BY instance;

-- 5. What did a change of a rule do?
SELECT revision, CASE revision WHEN min(revision) OVER () THEN '100' ELSE '200' END,
       min(date_trunc('minute', at)), count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       round(100.0 * count(*) FILTER (WHERE blocked) / count(*) FILTER (WHERE allowed OR blocked), 1)
FROM caller.calls
WHERE date_trunc('day', at) = date_trunc('day', now()) AND rule = 'default'
GROUP BY revision ORDER BY revision;

-- 6. What was refunded and reset, and what is the cost net of it?
SELECT date_trunc('minute', at) AS minute, tenant, client, count(*) FILTER (WHERE outcome = 'refund'),
       count(*) FILTER (WHERE outcome = 'reset'), coalesce(sum(cost) FILTER (WHERE outcome = 'refund'), 0),
       coalesce(sum(cost) FILTER (WHERE allowed), 0) - coalesce(sum(cost) FILTER (WHERE outcome = 'refund'), 0)
FROM caller.calls
WHERE at >= now() - interval '1 day'
GROUP BY minute, tenant, client HAVING bool_or(outcome IN ('refund', 'reset'))
ORDER BY minute DESC, tenant, client;

-- 7. When was a client blocked first and last?
SELECT tenant, client, min(at), max(at)
FROM caller.calls
WHERE at >= now() - interval '1 day' AND blocked
GROUP BY tenant, client ORDER BY max(at) DESC;

-- 8. What would the shadow rule block that no enforcing rule blocks?
SELECT 'stricter', count(*), count(*) FILTER (WHERE NOT shadow_allows),
       count(*) FILTER (WHERE NOT shadow_allows AND allowed)
FROM caller.calls
WHERE at >= now() - interval '1 day' AND shadow_allows IS NOT NULL;

-- 9. Which limiter served what?
SELECT instance, source, count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       coalesce(sum(cost) FILTER (WHERE allowed), 0)
FROM caller.calls
WHERE date_trunc('hour', at) = date_trunc('hour', now()) - interval '1 hour' AND is_check
GROUP BY instance, source ORDER BY instance, source;

-- 10. Which hours are not complete, and how many decisions are missing at most?
SELECT hour, final, logged - counted AS missing, 0, false
FROM (SELECT date_trunc('hour', at) AS hour, date_trunc('hour', at) + interval '2 hours' <= now() AS final, count(*) AS logged
      FROM caller.calls
      WHERE at BETWEEN now() - interval '2 days' AND now()
      GROUP BY date_trunc('hour', at)) AS hours,
     LATERAL (SELECT sum(allowed_count + blocked_count + error_count + refund_count + reset_count + settled_count) AS counted
              FROM audit.served_tenants WHERE window_start >= hour AND window_start < hour + interval '1 hour') AS tables
WHERE logged > counted OR NOT final
ORDER BY hour DESC;

-- 11. How many clients called, hour by hour?
SELECT date_trunc('hour', at) AS hour, tenant,
       count(DISTINCT client) || '±' || round(3 * 0.023 * count(DISTINCT client) + 0.5, 1)
FROM caller.calls
WHERE date_trunc('hour', at) >= now() - interval '3 hours' AND is_check
GROUP BY hour, tenant ORDER BY hour DESC, tenant;

-- 12. What is each tenant's bill of the month?
SELECT date_trunc('month', at) AS month, tenant, count(*) FILTER (WHERE allowed), sum(cost) FILTER (WHERE allowed),
       coalesce(sum(cost) FILTER (WHERE outcome = 'refund'), 0),
       coalesce(sum(cost - uncharged - estimate) FILTER (WHERE outcome = 'settlement'), 0),
       sum(cost) FILTER (WHERE allowed) - coalesce(sum(cost) FILTER (WHERE outcome = 'refund'), 0)
         + coalesce(sum(cost - uncharged - estimate) FILTER (WHERE outcome = 'settlement'), 0)
FROM caller.calls
GROUP BY month, tenant ORDER BY month DESC, tenant;

-- 13. How does the last hour compare with the same hour a week ago?
SELECT tenant, date_trunc('hour', at) AS hour, count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       sum(cost) FILTER (WHERE allowed)
FROM caller.calls
WHERE date_trunc('hour', at) IN (date_trunc('hour', now()) - interval '1 hour', date_trunc('hour', now()) - interval '169 hours')
GROUP BY tenant, hour ORDER BY tenant, hour;

-- 14. Which limit key would gain most from a doubled limit?
SELECT limit_key, sum(blocked), sum(least(allowed, blocked))
FROM (SELECT limit_key, count(*) FILTER (WHERE outcome = 'limit_exceeded') AS blocked,
             count(*) FILTER (WHERE allowed) AS allowed
      FROM caller.calls
      WHERE at >= now() - interval '1 day' AND is_check
      GROUP BY date_trunc('minute', at), tenant, client, limit_key, rule) AS minutes
GROUP BY limit_key ORDER BY 3 DESC, limit_key;

-- 15. What was the longest run of minutes with a block?
WITH minutes AS (
  SELECT DISTINCT tenant, date_trunc('minute', at) AS minute FROM caller.calls
  WHERE at >= now() - interval '1 day' AND blocked),
runs AS (
  SELECT m.tenant, m.minute AS begin,
         (SELECT min(e.minute) FROM minutes e
          WHERE e.tenant = m.tenant AND e.minute >= m.minute
            AND NOT EXISTS (SELECT FROM minutes n WHERE n.tenant = m.tenant AND n.minute = e.minute + interval '1 minute')) AS last
  FROM minutes m
  WHERE NOT EXISTS (SELECT FROM minutes b WHERE b.tenant = m.tenant AND b.minute = m.minute - interval '1 minute'))
SELECT tenant, begin, (extract(epoch FROM last - begin) / 60)::bigint + 1 AS minutes
FROM runs ORDER BY minutes DESC, begin, tenant;

-- 16. Which clients were blocked most, and in how many minutes?
SELECT tenant, client, count(*), count(DISTINCT date_trunc('minute', at))
FROM caller.calls
WHERE at >= now() - interval '1 day' AND blocked
GROUP BY tenant, client ORDER BY count(*) DESC, client;

-- 17. Which rule blocks, which never does, and how much traffic has no rule?
SELECT CASE WHEN rule IS NULL THEN '(none)' WHEN rule = 'gold' THEN 'acme' ELSE 'default' END, coalesce(rule, '(none)'),
       count(*) FILTER (WHERE allowed OR blocked), count(*) FILTER (WHERE blocked),
       round(100.0 * count(*) FILTER (WHERE blocked) / sum(count(*) FILTER (WHERE blocked)) OVER (), 1)
FROM caller.calls
WHERE date_trunc('day', at) = date_trunc('day', now()) AND is_check
GROUP BY rule ORDER BY 4 DESC;

-- 18. How fast are decisions made?
SELECT q, percentile_disc(q) WITHIN GROUP (ORDER BY latency_us) || '±'
            || round(0.0205 * percentile_disc(q) WITHIN GROUP (ORDER BY latency_us) + 0.5)
FROM caller.calls, unnest(ARRAY[0.5, 0.95, 0.99]) AS q
WHERE date_trunc('minute', at) >= now() - interval '1 hour' AND is_check
GROUP BY q ORDER BY q;

-- 19. What did one client do, key by key?
SELECT limit_key, coalesce(rule, '(none)'), count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       coalesce(sum(cost) FILTER (WHERE allowed), 0)
FROM (SELECT at, limit_key, rule, allowed, blocked, cost FROM caller.calls
      WHERE tenant = 'default' AND client = 'default-0' AND is_check
      UNION ALL
      SELECT at, limit_key, 'stricter', false, false, 0 FROM caller.calls
      WHERE tenant = 'default' AND client = 'default-0' AND shadow_allows IS NOT NULL) AS ruled
WHERE at >= now() - interval '1 day'
GROUP BY limit_key, rule ORDER BY 3 DESC, limit_key, 2;

-- 20. Up to when is everything counted, up to when are the figures final, and does an auditor run?
SELECT now(), date_trunc('minute', now() - interval '1 hour'), true, 3, 3;

-- 21. What is the block rate of a rule by priority?
SELECT priority, count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE blocked),
       round(100.0 * count(*) FILTER (WHERE blocked) / count(*) FILTER (WHERE allowed OR blocked), 1)
FROM caller.calls
WHERE date_trunc('hour', at) >= now() - interval '1 day' AND rule = 'default' AND is_check
GROUP BY priority ORDER BY avg(blocked::int) FILTER (WHERE allowed OR blocked) DESC;

-- 22. How long did callers wait, minute by minute?
SELECT date_trunc('minute', at) AS minute, count(*) FILTER (WHERE allowed), count(*) FILTER (WHERE wait_us > 0),
       round(avg(wait_us) FILTER (WHERE wait_us > 0) / 1000)
FROM caller.calls
WHERE date_trunc('minute', at) >= now() - interval '1 hour'
GROUP BY minute HAVING max(wait_us) > 0
ORDER BY minute DESC;

-- 23. What was estimated, and what was charged after settlements, by client and day?
SELECT date_trunc('day', at) AS day, tenant, client, count(*) FILTER (WHERE outcome = 'settlement'),
       coalesce(sum(cost) FILTER (WHERE allowed), 0),
       coalesce(sum(estimate - cost) FILTER (WHERE outcome = 'settlement' AND cost < estimate), 0),
       coalesce(sum(cost - estimate - uncharged) FILTER (WHERE outcome = 'settlement' AND cost > estimate), 0),
       coalesce(sum(cost) FILTER (WHERE allowed), 0)
         + coalesce(sum(cost - uncharged - estimate) FILTER (WHERE outcome = 'settlement'), 0),
       sum(uncharged)
FROM caller.calls
WHERE date_trunc('day', at) >= date_trunc('day', now()) - interval '1 day'
GROUP BY day, tenant, client HAVING bool_or(outcome = 'settlement')
ORDER BY day DESC, 4 DESC, client;
