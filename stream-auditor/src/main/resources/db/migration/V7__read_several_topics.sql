-- Several decisions topics: one without records does not hold back what is final, nor how old the figures are.

ALTER TABLE audit.topics
  ADD COLUMN listed        boolean NOT NULL DEFAULT false,
  ADD COLUMN counted_until timestamptz,
  ADD COLUMN closed_before timestamptz;
COMMENT ON COLUMN audit.topics.listed IS 'Whether it is or was in DECISIONS_TOPIC of an auditor';
COMMENT ON COLUMN audit.topics.counted_until IS
  'All records that Kafka appended up to then are in the tables, as last found by comparing offsets; null if never';
COMMENT ON COLUMN audit.topics.closed_before IS
  'counted_until less the lateness: no record that is appended later can change a minute before this one';

CREATE VIEW audit.topic_progress AS
  SELECT
    topic,
    seen,
    partitions,
    CASE WHEN seen = partitions THEN greatest(append_high_at, counted_until) ELSE counted_until END AS counted_until,
    CASE WHEN seen = partitions THEN greatest(closed, closed_before) ELSE closed_before END         AS closed_before
  FROM (
    SELECT
      t.topic,
      t.counted_until,
      t.closed_before,
      count(w.partition)    AS seen,
      max(w.partitions)     AS partitions,
      min(w.append_high_at) AS append_high_at,
      min(w.closed_before)  AS closed
    FROM audit.topics t LEFT JOIN audit.served_watermarks w USING (topic)
    GROUP BY t.topic
    HAVING t.listed OR count(w.partition) > 0) AS topics;
COMMENT ON VIEW audit.topic_progress IS 'Up to when each decisions topic is counted, on all of its partitions.';
COMMENT ON COLUMN audit.topic_progress.topic IS 'The decisions topic, as in audit.topics';
COMMENT ON COLUMN audit.topic_progress.seen IS 'Partitions of which anything was counted';
COMMENT ON COLUMN audit.topic_progress.partitions IS 'Partitions of the decisions topic; null before the first is counted';
COMMENT ON COLUMN audit.topic_progress.counted_until IS 'All records that Kafka appended up to then are counted; null while a partition was not seen';
COMMENT ON COLUMN audit.topic_progress.closed_before IS 'No event of this topic can change a minute before this one; null while a partition was not seen';

CREATE OR REPLACE FUNCTION audit.closed_before() RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (SELECT CASE WHEN bool_and(closed_before IS NOT NULL) THEN min(closed_before) END FROM audit.topic_progress);
COMMENT ON FUNCTION audit.closed_before IS
  'Minutes before this one are final: no event can change them any more. Null while a topic is not counted on all of its partitions.';

CREATE OR REPLACE VIEW audit.partition_freshness AS
  SELECT
    w.partition,
    greatest(w.append_high_at, t.counted_until)                                                AS counted_until,
    greatest(clock_timestamp() - greatest(w.append_high_at, t.counted_until), interval '0')    AS age,
    t.name                                                                                     AS topic
  FROM audit.served_watermarks w JOIN audit.topics t USING (topic);
COMMENT ON COLUMN audit.partition_freshness.counted_until IS 'All records of the partition that Kafka appended up to then are counted';
COMMENT ON COLUMN audit.partition_freshness.topic IS 'Name of the decisions topic';

CREATE OR REPLACE VIEW audit.freshness AS
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
      CASE WHEN bool_and(counted_until IS NOT NULL) THEN min(counted_until) END AS as_of,
      coalesce(sum(seen), 0)::integer                                           AS partitions_seen,
      sum(partitions)::integer                                                  AS partitions
    FROM audit.topic_progress) AS w
  LEFT JOIN audit.heartbeat h ON true;
COMMENT ON COLUMN audit.freshness.as_of IS 'All records that Kafka appended up to this time are counted, of every topic and partition. Null while a topic is not counted on all of its partitions';
COMMENT ON COLUMN audit.freshness.partitions_seen IS 'Partitions of the decisions topics of which anything was counted';
COMMENT ON COLUMN audit.freshness.partitions IS 'Partitions of the decisions topics, as far as known';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT SELECT ON audit.topic_progress TO analyst;
  END IF;
END $$;
