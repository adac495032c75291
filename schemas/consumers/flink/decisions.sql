-- Decisions per minute and tenant, each counted once, with Flink SQL. Change localhost:19092 and run: sql-client.sh -f decisions.sql

-- For this long the ids of decisions are kept to find repeated ones. A spool may deliver after days.
SET 'table.exec.state.ttl' = '7 d';

CREATE TABLE decision_records (
  decision_id STRING,
  decided_at_us BIGINT,
  tenant STRING,
  client_id STRING,
  limit_key STRING,
  cost BIGINT,
  allowed BOOLEAN,
  reason STRING,
  rule STRING,
  source STRING,
  region STRING,
  limits ARRAY<ROW<rule STRING, `mode` STRING, allowed BOOLEAN, charged BOOLEAN>>,
  headers MAP<STRING, BYTES> METADATA VIRTUAL,
  read_at AS PROCTIME()
) WITH (
  'connector' = 'kafka',
  'topic' = 'ratelimiter.decisions.v1',
  'properties.bootstrap.servers' = 'localhost:19092',
  'properties.group.id' = 'flink-decisions',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

CREATE TEMPORARY VIEW decisions AS
SELECT *, TO_TIMESTAMP_LTZ(decided_at_us / 1000, 3) AS decided_at
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY decision_id ORDER BY read_at) AS occurrence
  FROM decision_records
  WHERE CAST(headers['ce_type'] AS STRING) = 'decision.v1' AND decided_at_us > 0
)
WHERE occurrence = 1;

SELECT
  FLOOR(decided_at TO MINUTE) AS `minute`,
  tenant,
  COUNT(*) FILTER (WHERE allowed) AS allowed_count,
  COUNT(*) FILTER (WHERE NOT allowed AND reason <> 'store_unavailable') AS blocked_count,
  COUNT(*) FILTER (WHERE NOT allowed AND reason = 'cost_exceeds_limit') AS too_costly_count,
  SUM(cost) FILTER (WHERE allowed) AS cost_allowed
FROM decisions
GROUP BY FLOOR(decided_at TO MINUTE), tenant;
