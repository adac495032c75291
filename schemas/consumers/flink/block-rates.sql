-- The auditor's block rate per minute and rule, with Flink SQL. Change localhost:19092 and run: sql-client.sh -f block-rates.sql

-- Rows of a minute change until the minute is final, hours later at the latest.
SET 'table.exec.state.ttl' = '2 d';

CREATE TABLE block_rate_records (
  row_key STRING,
  kind STRING,
  generation BIGINT,
  revision BIGINT,
  window_start BIGINT,
  region STRING,
  tenant STRING,
  client_id STRING,
  limit_key STRING,
  rule STRING,
  rule_revision BIGINT,
  allowed_count BIGINT,
  blocked_count BIGINT,
  error_count BIGINT,
  cost_allowed BIGINT,
  cost_blocked BIGINT
) WITH (
  'connector' = 'kafka',
  'topic' = 'ratelimiter.block-rates.v1',
  'properties.bootstrap.servers' = 'localhost:19092',
  'properties.group.id' = 'flink-block-rates',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.format' = 'raw',
  'key.fields' = 'row_key',
  'value.format' = 'json',
  'value.json.ignore-parse-errors' = 'true',
  'value.fields-include' = 'EXCEPT_KEY'
);

-- Of the records of one row, the one with the highest revision counts.
CREATE TEMPORARY VIEW block_rates AS
SELECT *
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY row_key, generation ORDER BY revision DESC) AS place
  FROM block_rate_records
  WHERE kind IN ('client', 'total')
)
WHERE place = 1;

-- A generation is one run of the auditor over the topic (AUDIT_GENERATION): never add up two of them.
SELECT
  generation,
  TO_TIMESTAMP_LTZ(window_start * 1000, 3) AS `minute`,
  tenant,
  rule,
  SUM(allowed_count) AS allowed,
  SUM(blocked_count) AS blocked
FROM block_rates
WHERE kind = 'total'
GROUP BY generation, window_start, tenant, rule;
