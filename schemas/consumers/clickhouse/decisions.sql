-- Every decision once, in ClickHouse. Change localhost:19092 and run: clickhouse-client --multiquery < decisions.sql
CREATE DATABASE IF NOT EXISTS ratelimiter;

-- A repeated record has the same values in all columns of the sorting key, so that it replaces the first one.
CREATE TABLE ratelimiter.decisions
(
    decision_id     String,
    decided_at      DateTime64(6, 'UTC'),
    tenant          LowCardinality(String),
    client_id       String,
    limit_key       String,
    cost            UInt32,
    allowed         Bool,
    reason          LowCardinality(Nullable(String)),
    rule            LowCardinality(Nullable(String)),
    rule_revision   Nullable(UInt64),
    algorithm       LowCardinality(Nullable(String)),
    source          LowCardinality(String),
    degraded_reason LowCardinality(Nullable(String)),
    latency_us      UInt32,
    instance        LowCardinality(String),
    region          LowCardinality(String),
    correlation_id  String,
    limits          Array(Tuple(rule String, mode String, allowed Nullable(Bool), charged Bool))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(decided_at)
ORDER BY (tenant, decided_at, client_id, decision_id);

-- Records that are not JSON of this form.
CREATE TABLE ratelimiter.unreadable
(
    topic     LowCardinality(String),
    partition UInt32,
    offset    UInt64,
    error     String,
    raw       String
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset);

CREATE TABLE ratelimiter.decisions_queue
(
    decision_id     String,
    decided_at_us   Int64,
    tenant          String,
    client_id       String,
    limit_key       String,
    cost            UInt32,
    allowed         Bool,
    reason          Nullable(String),
    rule            Nullable(String),
    rule_revision   Nullable(UInt64),
    algorithm       Nullable(String),
    source          String,
    degraded_reason Nullable(String),
    latency_us      UInt32,
    instance        String,
    region          String,
    correlation_id  String,
    limits          Array(Tuple(rule String, mode String, allowed Nullable(Bool), charged Bool))
)
ENGINE = Kafka
SETTINGS kafka_broker_list = 'localhost:19092',
         kafka_topic_list = 'ratelimiter.decisions.v1',
         kafka_group_name = 'clickhouse-decisions',
         kafka_format = 'JSONEachRow',
         kafka_handle_error_mode = 'stream',
         input_format_skip_unknown_fields = 1;

CREATE MATERIALIZED VIEW ratelimiter.decisions_reader TO ratelimiter.decisions AS
SELECT * EXCEPT (decided_at_us), fromUnixTimestamp64Micro(decided_at_us, 'UTC') AS decided_at
FROM ratelimiter.decisions_queue
WHERE _error = '' AND _headers.value[indexOf(_headers.name, 'ce_type')] = 'decision.v1' AND decided_at_us > 0;

CREATE MATERIALIZED VIEW ratelimiter.decisions_unreadable TO ratelimiter.unreadable AS
SELECT _topic AS topic, _partition AS partition, _offset AS offset, _error AS error, _raw_message AS raw
FROM ratelimiter.decisions_queue
WHERE _error != '';

-- FINAL counts each decision once, also before ClickHouse has merged repeated records.
CREATE VIEW ratelimiter.decisions_by_minute AS
SELECT
    toStartOfMinute(decided_at)                                      AS minute,
    tenant,
    countIf(allowed)                                                 AS allowed_count,
    countIf(NOT allowed AND reason != 'store_unavailable')           AS blocked_count,
    countIf(NOT allowed AND reason = 'cost_exceeds_limit')           AS too_costly_count,
    sumIf(cost, allowed)                                             AS cost_allowed
FROM ratelimiter.decisions FINAL
GROUP BY minute, tenant;
