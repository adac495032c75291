-- The auditor's figures per minute, in ClickHouse. Change localhost:19092 and run it after decisions.sql.

-- Of the records of one row, the one with the highest revision stays.
CREATE TABLE ratelimiter.block_rates
(
    row_key       String,
    generation    UInt32,
    revision      UInt64,
    kind          LowCardinality(String),
    window_start  DateTime('UTC'),
    region        LowCardinality(String),
    tenant        LowCardinality(String),
    client_id     String,
    limit_key     String,
    rule          LowCardinality(String),
    rule_revision UInt64,
    allowed_count Nullable(UInt64),
    blocked_count UInt64,
    error_count   UInt64,
    cost_allowed  Nullable(UInt64),
    cost_blocked  UInt64
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(window_start)
ORDER BY (kind, window_start, tenant, client_id, generation, row_key);

CREATE TABLE ratelimiter.block_rates_queue
(
    generation    UInt32,
    revision      UInt64,
    kind          String,
    window_start  UInt32,
    region        String,
    tenant        String,
    client_id     String,
    limit_key     String,
    rule          String,
    rule_revision UInt64,
    allowed_count Nullable(UInt64),
    blocked_count UInt64,
    error_count   UInt64,
    cost_allowed  Nullable(UInt64),
    cost_blocked  UInt64
)
ENGINE = Kafka
SETTINGS kafka_broker_list = 'localhost:19092',
         kafka_topic_list = 'ratelimiter.block-rates.v1',
         kafka_group_name = 'clickhouse-block-rates',
         kafka_format = 'JSONEachRow',
         kafka_handle_error_mode = 'stream',
         input_format_skip_unknown_fields = 1;

CREATE MATERIALIZED VIEW ratelimiter.block_rates_reader TO ratelimiter.block_rates AS
SELECT * REPLACE (toDateTime(window_start, 'UTC') AS window_start), _key AS row_key
FROM ratelimiter.block_rates_queue
WHERE _error = '' AND kind IN ('client', 'total');

CREATE MATERIALIZED VIEW ratelimiter.block_rates_unreadable TO ratelimiter.unreadable AS
SELECT _topic AS topic, _partition AS partition, _offset AS offset, _error AS error, _raw_message AS raw
FROM ratelimiter.block_rates_queue
WHERE _error != '';

-- A generation is one run of the auditor over the topic (AUDIT_GENERATION): never add up two of them.
CREATE VIEW ratelimiter.block_rate_by_minute AS
SELECT
    generation,
    window_start                                                     AS minute,
    tenant,
    rule,
    sum(allowed_count)                                               AS allowed,
    sum(blocked_count)                                               AS blocked,
    blocked / (allowed + blocked)                                    AS block_rate
FROM ratelimiter.block_rates FINAL
WHERE kind = 'total'
GROUP BY generation, minute, tenant, rule;
