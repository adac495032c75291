-- The auditor's block rate per minute and rule, with ksqlDB. Run: ksql -f block-rates.sql http://localhost:8088
SET 'auto.offset.reset' = 'earliest';

-- The key is the row's, so a newer record replaces an older one, and one without a value removes the row.
CREATE TABLE block_rates (
  row_key VARCHAR PRIMARY KEY,
  kind VARCHAR,
  generation BIGINT,
  window_start BIGINT,
  tenant VARCHAR,
  rule VARCHAR,
  allowed_count BIGINT,
  blocked_count BIGINT
) WITH (KAFKA_TOPIC = 'ratelimiter.block-rates.v1', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'JSON');

-- A generation is one run of the auditor over the topic (AUDIT_GENERATION): never add up two of them.
CREATE TABLE block_rate_by_minute AS
SELECT
  generation,
  window_start,
  tenant,
  rule,
  SUM(allowed_count) AS allowed_count,
  SUM(blocked_count) AS blocked_count
FROM block_rates
WHERE kind = 'total'
GROUP BY generation, window_start, tenant, rule
EMIT CHANGES;
