-- Decisions per minute and tenant, each counted once, with ksqlDB. Run: ksql -f decisions.sql http://localhost:8088
SET 'auto.offset.reset' = 'earliest';

CREATE STREAM decision_records (
  decision_id VARCHAR,
  decided_at_us BIGINT,
  tenant VARCHAR,
  client_id VARCHAR,
  cost BIGINT,
  allowed BOOLEAN,
  reason VARCHAR,
  type BYTES HEADER('ce_type')
) WITH (KAFKA_TOPIC = 'ratelimiter.decisions.v1', VALUE_FORMAT = 'JSON');

-- A row per decision: a repeated record replaces the first one.
CREATE TABLE decisions AS
SELECT
  decision_id,
  LATEST_BY_OFFSET(decided_at_us / 60000000) AS minute_number,
  LATEST_BY_OFFSET(tenant) AS tenant,
  LATEST_BY_OFFSET(cost) AS cost,
  LATEST_BY_OFFSET(allowed) AS allowed,
  LATEST_BY_OFFSET(COALESCE(reason, '')) AS reason
FROM decision_records
WHERE FROM_BYTES(type, 'utf8') = 'decision.v1' AND decided_at_us > 0
GROUP BY decision_id
EMIT CHANGES;

CREATE TABLE decisions_by_minute AS
SELECT
  minute_number,
  tenant,
  SUM(CASE WHEN allowed THEN 1 ELSE 0 END) AS allowed_count,
  SUM(CASE WHEN NOT allowed AND reason <> 'store_unavailable' THEN 1 ELSE 0 END) AS blocked_count,
  SUM(CASE WHEN reason = 'cost_exceeds_limit' THEN 1 ELSE 0 END) AS too_costly_count,
  SUM(CASE WHEN allowed THEN cost ELSE CAST(0 AS BIGINT) END) AS cost_allowed
FROM decisions
GROUP BY minute_number, tenant
EMIT CHANGES;
