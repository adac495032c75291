-- How old the figures are. Without it a dead auditor looks like an hour in which nothing was blocked.

CREATE TABLE audit.heartbeat (
  only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  beat_at  timestamptz NOT NULL
);
COMMENT ON TABLE audit.heartbeat IS 'Written every few seconds by an auditor that can write, whether or not there is anything to count.';
COMMENT ON COLUMN audit.heartbeat.beat_at IS 'When an auditor last wrote it';

CREATE VIEW audit.partition_freshness AS
  SELECT
    partition,
    append_high_at                                             AS counted_until,
    greatest(clock_timestamp() - append_high_at, interval '0') AS age
  FROM audit.watermarks;
COMMENT ON VIEW audit.partition_freshness IS
  'How far each partition of the decisions topic is counted. Limiters write to every partition every few seconds, so age is the auditor''s lag while they run and reach Kafka.';
COMMENT ON COLUMN audit.partition_freshness.partition IS 'Partition of the decisions topic';
COMMENT ON COLUMN audit.partition_freshness.counted_until IS 'When Kafka appended the newest record that is counted';
COMMENT ON COLUMN audit.partition_freshness.age IS 'How long ago that was';

CREATE VIEW audit.freshness AS
  SELECT
    w.as_of,
    -- Kafka's clock may be ahead; and greatest() ignores null.
    CASE WHEN w.as_of IS NOT NULL THEN greatest(clock_timestamp() - w.as_of, interval '0') END AS age,
    h.beat_at                                                                        AS auditor_seen_at,
    clock_timestamp() - h.beat_at                                                    AS auditor_silent_for,
    w.partitions_seen,
    w.partitions
  FROM (
    SELECT
      CASE WHEN count(*) = max(partitions) THEN min(append_high_at) END AS as_of,
      count(*)::integer                                                 AS partitions_seen,
      max(partitions)                                                   AS partitions
    FROM audit.watermarks) AS w
  LEFT JOIN audit.heartbeat h ON true;
COMMENT ON VIEW audit.freshness IS
  'How old all figures of this schema are: one row. What was appended up to as_of is counted, what came later may not be.';
COMMENT ON COLUMN audit.freshness.as_of IS 'Everything that Kafka appended up to this time is counted, on every partition. Null while a partition has reported nothing';
COMMENT ON COLUMN audit.freshness.age IS 'How long ago that is: the auditor''s lag while limiters run and reach Kafka';
COMMENT ON COLUMN audit.freshness.auditor_seen_at IS 'When an auditor last wrote its heartbeat. Null before the first';
COMMENT ON COLUMN audit.freshness.auditor_silent_for IS 'How long ago that is: more than half a minute means that no auditor runs, or that none can write';
COMMENT ON COLUMN audit.freshness.partitions_seen IS 'Partitions of the decisions topic that have reported';
COMMENT ON COLUMN audit.freshness.partitions IS 'Partitions that the topic has';

-- A series that claims 2^53 numbers, or one of 2^63 from before such claims were refused, must not end the
-- query for all: a sum beyond bigint is shown as the greatest bigint.
CREATE OR REPLACE VIEW audit.audit_completeness AS
  SELECT
    instance,
    count(DISTINCT epoch)                         AS epochs,
    count(DISTINCT epoch) FILTER (WHERE NOT closed) AS open_epochs,
    least(sum(issued), 9223372036854775807)::bigint AS issued,
    least(sum(received), 9223372036854775807)::bigint AS received,
    least(sum(lost), 9223372036854775807)::bigint AS lost,
    least(sum(duplicate), 9223372036854775807)::bigint AS duplicate,
    least(sum(dropped), 9223372036854775807)::bigint AS dropped,
    bool_or(unknown_tail)                         AS unknown_tail,
    max(last_word_at)                             AS last_word_at,
    (SELECT f.as_of FROM audit.freshness f)       AS as_of,
    (SELECT f.age FROM audit.freshness f)         AS age
  FROM audit.series
  GROUP BY instance;
COMMENT ON COLUMN audit.audit_completeness.as_of IS 'As in freshness: what was appended later may not be counted yet';
COMMENT ON COLUMN audit.audit_completeness.age IS 'How long ago that is';

-- The default privileges are those of the role that migrated first, which need not be this one.
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT SELECT ON audit.heartbeat, audit.partition_freshness, audit.freshness, audit.audit_completeness TO analyst;
  END IF;
END $$;
