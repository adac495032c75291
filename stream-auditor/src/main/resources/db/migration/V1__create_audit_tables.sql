-- The schema belongs to the auditor: nothing else writes to it.

CREATE FUNCTION audit.at_us(micros bigint) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN timestamptz '1970-01-01 00:00:00+00' + micros * interval '1 microsecond';
COMMENT ON FUNCTION audit.at_us IS 'The time that lies so many microseconds after 1970.';

CREATE TABLE audit.rate_limit_metrics (
  window_start         timestamptz NOT NULL,
  tenant               text        NOT NULL,
  client_id            text        NOT NULL,
  limit_key            text        NOT NULL,
  rule                 text        NOT NULL,
  algorithm            text        NOT NULL,
  allowed_count        bigint,
  blocked_count        bigint      NOT NULL,
  error_count          bigint      NOT NULL,
  degraded_count       bigint      NOT NULL,
  late_count           bigint      NOT NULL,
  shadow_checked_count bigint      NOT NULL,
  shadow_blocked_count bigint      NOT NULL,
  cost_allowed         bigint,
  cost_blocked         bigint      NOT NULL,
  block_rate           double precision GENERATED ALWAYS AS
    (blocked_count::double precision / nullif(allowed_count + blocked_count, 0)) STORED,
  latency_sum_us       bigint      NOT NULL,
  latency_max_us       bigint      NOT NULL,
  first_event_at       timestamptz NOT NULL,
  last_event_at        timestamptz NOT NULL,
  partition            integer     NOT NULL,
  generation           integer     NOT NULL,
  revision             bigint      NOT NULL,
  PRIMARY KEY (window_start, tenant, client_id, limit_key, rule, algorithm)
) PARTITION BY RANGE (window_start);

COMMENT ON TABLE audit.rate_limit_metrics IS
  'Decisions by minute, client, limit key and rule. Each decision is in one row: that of the rule at the top of its answer. A shadow rule has rows of its own.';
COMMENT ON COLUMN audit.rate_limit_metrics.window_start IS 'Start of the minute (UTC) in which the decisions were made';
COMMENT ON COLUMN audit.rate_limit_metrics.tenant IS 'Tenant of the caller';
COMMENT ON COLUMN audit.rate_limit_metrics.client_id IS 'Who asked';
COMMENT ON COLUMN audit.rate_limit_metrics.limit_key IS 'Endpoint or resource, as the caller sent it';
COMMENT ON COLUMN audit.rate_limit_metrics.rule IS 'Name of the rule; (none) where none applied';
COMMENT ON COLUMN audit.rate_limit_metrics.algorithm IS 'Algorithm of the rule; (none) where none applied';
COMMENT ON COLUMN audit.rate_limit_metrics.allowed_count IS 'Decisions that allowed; null where only blocked ones are kept by client';
COMMENT ON COLUMN audit.rate_limit_metrics.blocked_count IS 'Decisions that blocked';
COMMENT ON COLUMN audit.rate_limit_metrics.error_count IS 'Decisions that failed closed because the store did not answer';
COMMENT ON COLUMN audit.rate_limit_metrics.degraded_count IS 'How many of all were made without the store';
COMMENT ON COLUMN audit.rate_limit_metrics.late_count IS 'How many of all are counted in the minute of their arrival, because their own was closed or lies too far ahead';
COMMENT ON COLUMN audit.rate_limit_metrics.shadow_checked_count IS 'Shadow rule only: checks that it looked at';
COMMENT ON COLUMN audit.rate_limit_metrics.shadow_blocked_count IS 'Shadow rule only: checks that it would have blocked';
COMMENT ON COLUMN audit.rate_limit_metrics.cost_allowed IS 'Units that the allowed decisions took; null as allowed_count';
COMMENT ON COLUMN audit.rate_limit_metrics.cost_blocked IS 'Units that the blocked decisions asked for';
COMMENT ON COLUMN audit.rate_limit_metrics.block_rate IS 'blocked / (allowed + blocked), 0 to 1; null where nothing was decided';
COMMENT ON COLUMN audit.rate_limit_metrics.latency_sum_us IS 'Sum of the decisions'' latencies, microseconds';
COMMENT ON COLUMN audit.rate_limit_metrics.latency_max_us IS 'Longest latency, microseconds';
COMMENT ON COLUMN audit.rate_limit_metrics.first_event_at IS 'Time of the earliest decision';
COMMENT ON COLUMN audit.rate_limit_metrics.last_event_at IS 'Time of the latest decision';
COMMENT ON COLUMN audit.rate_limit_metrics.partition IS 'Partition of the decisions topic';
COMMENT ON COLUMN audit.rate_limit_metrics.generation IS 'AUDIT_GENERATION of the run that counted';
COMMENT ON COLUMN audit.rate_limit_metrics.revision IS 'How many changes the row has seen in its run';

CREATE INDEX rate_limit_metrics_blocked ON audit.rate_limit_metrics
  (window_start, tenant, client_id, limit_key)
  INCLUDE (blocked_count, cost_blocked, allowed_count)
  WHERE blocked_count > 0;

CREATE TABLE audit.rate_limit_totals (
  window_start         timestamptz NOT NULL,
  tenant               text        NOT NULL,
  limit_key            text        NOT NULL,
  rule                 text        NOT NULL,
  algorithm            text        NOT NULL,
  partition            integer     NOT NULL,
  allowed_count        bigint      NOT NULL,
  blocked_count        bigint      NOT NULL,
  error_count          bigint      NOT NULL,
  degraded_count       bigint      NOT NULL,
  late_count           bigint      NOT NULL,
  shadow_checked_count bigint      NOT NULL,
  shadow_blocked_count bigint      NOT NULL,
  cost_allowed         bigint      NOT NULL,
  cost_blocked         bigint      NOT NULL,
  block_rate           double precision GENERATED ALWAYS AS
    (blocked_count::double precision / nullif(allowed_count + blocked_count, 0)) STORED,
  latency_sum_us       bigint      NOT NULL,
  latency_max_us       bigint      NOT NULL,
  latency_buckets      integer[]   NOT NULL,
  latency_counts       bigint[]    NOT NULL,
  first_event_at       timestamptz NOT NULL,
  last_event_at        timestamptz NOT NULL,
  generation           integer     NOT NULL,
  revision             bigint      NOT NULL,
  PRIMARY KEY (window_start, tenant, limit_key, rule, algorithm, partition)
) PARTITION BY RANGE (window_start);

COMMENT ON TABLE audit.rate_limit_totals IS
  'Decisions by minute and rule, for each partition of the decisions topic: add up over partition, as the views do. Exact whatever is kept by client.';
COMMENT ON COLUMN audit.rate_limit_totals.window_start IS 'Start of the minute (UTC) in which the decisions were made';
COMMENT ON COLUMN audit.rate_limit_totals.tenant IS 'Tenant of the rule; (none) where none applied';
COMMENT ON COLUMN audit.rate_limit_totals.limit_key IS 'Limit key of the rule, * for all; (none) where none applied';
COMMENT ON COLUMN audit.rate_limit_totals.rule IS 'Name of the rule; (none) where none applied';
COMMENT ON COLUMN audit.rate_limit_totals.algorithm IS 'Algorithm of the rule; (none) where none applied';
COMMENT ON COLUMN audit.rate_limit_totals.partition IS 'Partition of the decisions topic';
COMMENT ON COLUMN audit.rate_limit_totals.allowed_count IS 'Decisions that allowed';
COMMENT ON COLUMN audit.rate_limit_totals.blocked_count IS 'Decisions that blocked';
COMMENT ON COLUMN audit.rate_limit_totals.error_count IS 'Decisions that failed closed because the store did not answer';
COMMENT ON COLUMN audit.rate_limit_totals.degraded_count IS 'How many of all were made without the store';
COMMENT ON COLUMN audit.rate_limit_totals.late_count IS 'How many of all are counted in the minute of their arrival, because their own was closed or lies too far ahead';
COMMENT ON COLUMN audit.rate_limit_totals.shadow_checked_count IS 'Shadow rule only: checks that it looked at';
COMMENT ON COLUMN audit.rate_limit_totals.shadow_blocked_count IS 'Shadow rule only: checks that it would have blocked';
COMMENT ON COLUMN audit.rate_limit_totals.cost_allowed IS 'Units that the allowed decisions took';
COMMENT ON COLUMN audit.rate_limit_totals.cost_blocked IS 'Units that the blocked decisions asked for';
COMMENT ON COLUMN audit.rate_limit_totals.block_rate IS 'blocked / (allowed + blocked), 0 to 1; null where nothing was decided';
COMMENT ON COLUMN audit.rate_limit_totals.latency_sum_us IS 'Sum of the decisions'' latencies, microseconds';
COMMENT ON COLUMN audit.rate_limit_totals.latency_max_us IS 'Longest latency, microseconds';
COMMENT ON COLUMN audit.rate_limit_totals.latency_buckets IS 'Buckets of the latency histogram that are in use, ascending; audit.latency_bucket_us says what they mean';
COMMENT ON COLUMN audit.rate_limit_totals.latency_counts IS 'Decisions in each of latency_buckets';
COMMENT ON COLUMN audit.rate_limit_totals.first_event_at IS 'Time of the earliest decision';
COMMENT ON COLUMN audit.rate_limit_totals.last_event_at IS 'Time of the latest decision';
COMMENT ON COLUMN audit.rate_limit_totals.generation IS 'AUDIT_GENERATION of the run that counted';
COMMENT ON COLUMN audit.rate_limit_totals.revision IS 'How many changes the row has seen in its run';

CREATE TABLE audit.watermarks (
  partition      integer     PRIMARY KEY,
  generation     integer     NOT NULL,
  revision       bigint      NOT NULL,
  partitions     integer     NOT NULL,
  append_high_at timestamptz NOT NULL,
  closed_before  timestamptz NOT NULL,
  whole_from     timestamptz NOT NULL
);
COMMENT ON TABLE audit.watermarks IS 'How far the auditor has come in each partition of the decisions topic.';
COMMENT ON COLUMN audit.watermarks.partition IS 'Partition of the decisions topic';
COMMENT ON COLUMN audit.watermarks.generation IS 'AUDIT_GENERATION of the run';
COMMENT ON COLUMN audit.watermarks.revision IS 'Rises with each word of the run';
COMMENT ON COLUMN audit.watermarks.partitions IS 'How many partitions the topic has';
COMMENT ON COLUMN audit.watermarks.append_high_at IS 'When Kafka appended the newest record that is counted';
COMMENT ON COLUMN audit.watermarks.closed_before IS 'No event of this partition can change a minute before this one any more';
COMMENT ON COLUMN audit.watermarks.whole_from IS 'The run wrote no minute before this one: part of its events was gone from the topic. 1970 where the run saw all';

CREATE TABLE audit.series (
  instance        text        NOT NULL,
  epoch           text        NOT NULL,
  partition       integer     NOT NULL,
  generation      integer     NOT NULL,
  revision        bigint      NOT NULL,
  issued          bigint      NOT NULL,
  acked           bigint      NOT NULL,
  spooled         bigint      NOT NULL,
  dropped         bigint      NOT NULL,
  settled_seq     bigint      NOT NULL,
  settled_dropped bigint      NOT NULL,
  received        bigint      NOT NULL,
  lost            bigint      NOT NULL,
  duplicate       bigint      NOT NULL,
  overflowed      bigint      NOT NULL,
  closed          boolean     NOT NULL,
  unknown_tail    boolean,
  last_word_at    timestamptz NOT NULL,
  PRIMARY KEY (instance, epoch, partition)
);
COMMENT ON TABLE audit.series IS 'What was published and what came, for each start of each limiter on each partition.';
COMMENT ON COLUMN audit.series.instance IS 'INSTANCE_ID of the limiter';
COMMENT ON COLUMN audit.series.epoch IS 'One start of it';
COMMENT ON COLUMN audit.series.partition IS 'Partition of the decisions topic';
COMMENT ON COLUMN audit.series.generation IS 'AUDIT_GENERATION of the run that counted';
COMMENT ON COLUMN audit.series.revision IS 'How many changes the row has seen in its run';
COMMENT ON COLUMN audit.series.issued IS 'Numbers that the limiter gave out, as far as known';
COMMENT ON COLUMN audit.series.acked IS 'Records that Kafka confirmed to it';
COMMENT ON COLUMN audit.series.spooled IS 'Records that wait on its disk';
COMMENT ON COLUMN audit.series.dropped IS 'Records that it gave up, for whatever reason';
COMMENT ON COLUMN audit.series.settled_seq IS 'Every number up to it is acknowledged, dropped or given up';
COMMENT ON COLUMN audit.series.settled_dropped IS 'How many of those Kafka never got';
COMMENT ON COLUMN audit.series.received IS 'Numbers that came, each counted once';
COMMENT ON COLUMN audit.series.lost IS 'Numbers that will not come any more and that were not dropped';
COMMENT ON COLUMN audit.series.duplicate IS 'Records that came once more';
COMMENT ON COLUMN audit.series.overflowed IS 'Numbers that are not waited for any more, because the gaps were too many';
COMMENT ON COLUMN audit.series.closed IS 'Whether nothing more is expected';
COMMENT ON COLUMN audit.series.unknown_tail IS 'Whether more may have been issued after the last word; null while open';
COMMENT ON COLUMN audit.series.last_word_at IS 'When Kafka appended its last record';
