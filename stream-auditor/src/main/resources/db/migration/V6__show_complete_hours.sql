-- Losses get a time, so that each hour says whether it is complete and how many are missing at most.

CREATE FUNCTION audit.at_us(micros bigint[]) RETURNS timestamptz[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN (SELECT coalesce(array_agg(audit.at_us(m) ORDER BY place), '{}')
          FROM unnest(micros) WITH ORDINALITY AS u (m, place));
COMMENT ON FUNCTION audit.at_us(bigint[]) IS 'The times that lie so many microseconds after 1970.';

ALTER TABLE audit.series
  ADD COLUMN missing        bigint[],
  ADD COLUMN missing_after  timestamptz[],
  ADD COLUMN missing_before timestamptz[],
  ADD COLUMN late           bigint[],
  ADD COLUMN late_after     timestamptz[],
  ADD COLUMN late_before    timestamptz[],
  ADD COLUMN tail_after     timestamptz,
  ADD COLUMN tail_before    timestamptz;
COMMENT ON COLUMN audit.series.missing IS 'Numbers that were not received: lost, dropped or still expected. An entry is of the decisions of one span of time; a number is in one entry. Null in rows of earlier versions';
COMMENT ON COLUMN audit.series.missing_after IS 'Begin of the span of each entry of missing; 1970 if unknown';
COMMENT ON COLUMN audit.series.missing_before IS 'End of the span of each entry of missing';
COMMENT ON COLUMN audit.series.late IS 'Received events that are counted in the minute of their arrival; entries as in missing';
COMMENT ON COLUMN audit.series.late_after IS 'Begin of the span of each entry of late';
COMMENT ON COLUMN audit.series.late_before IS 'End of the span of each entry of late';
COMMENT ON COLUMN audit.series.tail_after IS 'Numbers above issued, if any, are of decisions after this time';
COMMENT ON COLUMN audit.series.tail_before IS 'Numbers above issued, if any, are of decisions before this time; null while open';

-- A series that ended before the topic's first record is known to a lower generation only.
CREATE VIEW audit.served_series AS
  SELECT
    s.*,
    NOT s.closed AND greatest(
      (SELECT max(w.append_high_at) FROM audit.served_watermarks w
       WHERE w.topic = s.topic AND w.partition = s.partition),
      (SELECT h.beat_at FROM audit.heartbeat h)) - s.last_word_at > interval '2 minutes' AS silent
  FROM audit.series s
  WHERE s.generation = (
    SELECT max(o.generation) FROM audit.series o
    WHERE o.topic = s.topic AND o.instance = s.instance AND o.epoch = s.epoch AND o.partition = s.partition
      AND o.generation <= coalesce((SELECT audit.serving_generation()), o.generation));
COMMENT ON VIEW audit.served_series IS 'The series as the generation that serves counted them; those that only a lower one knows, as that one did.';

DO $$
DECLARE
  what record;
BEGIN
  FOR what IN
    SELECT v.attname, col_description(t.attrelid, t.attnum) AS means
    FROM pg_attribute v JOIN pg_attribute t USING (attname)
    WHERE v.attrelid = 'audit.served_series'::regclass AND t.attrelid = 'audit.series'::regclass AND v.attnum > 0
  LOOP
    EXECUTE format('COMMENT ON COLUMN audit.served_series.%I IS %L', what.attname, what.means);
  END LOOP;
END $$;
COMMENT ON COLUMN audit.served_series.silent IS
  'Whether an open series had no record for two minutes, although limiters write one every few seconds: the limiter was killed or does not reach Kafka, or the auditor is that far behind';

CREATE VIEW audit.series_spans AS
  SELECT s.topic, s.instance, s.epoch, s.partition, span.*
  FROM audit.served_series s
  CROSS JOIN LATERAL (
    SELECT 'missing' AS kind, m.numbers, m.after_at, m.before_at
    FROM unnest(s.missing, s.missing_after, s.missing_before) AS m (numbers, after_at, before_at)
    UNION ALL
    SELECT 'late', l.numbers, l.after_at, l.before_at
    FROM unnest(s.late, s.late_after, s.late_before) AS l (numbers, after_at, before_at)
    UNION ALL
    SELECT 'tail', NULL, coalesce(s.tail_after, s.last_word_at), coalesce(s.tail_before, now())
    WHERE NOT s.closed OR s.unknown_tail
    UNION ALL
    -- A row of an earlier version has no times: anything up to its last record may be missing.
    SELECT 'missing', s.issued - s.received, timestamptz '-infinity', s.last_word_at
    WHERE s.missing IS NULL AND s.issued > s.received) AS span;
COMMENT ON VIEW audit.series_spans IS 'The time of what is not counted in its own minute, or may not be, for each series.';
COMMENT ON COLUMN audit.series_spans.topic IS 'The decisions topic';
COMMENT ON COLUMN audit.series_spans.instance IS 'INSTANCE_ID of the limiter';
COMMENT ON COLUMN audit.series_spans.epoch IS 'One start of it';
COMMENT ON COLUMN audit.series_spans.partition IS 'Partition of the decisions topic';
COMMENT ON COLUMN audit.series_spans.kind IS 'missing: not received. late: counted in the minute of arrival. tail: numbers of which nothing is known, if there are any';
COMMENT ON COLUMN audit.series_spans.numbers IS 'How many numbers; null in a tail';
COMMENT ON COLUMN audit.series_spans.after_at IS 'Their decisions were made after this time';
COMMENT ON COLUMN audit.series_spans.before_at IS 'Their decisions were made before this time';

CREATE VIEW audit.hour_completeness AS
  SELECT
    h.hour,
    h.final,
    CASE WHEN h.known THEN h.missing END AS missing_at_most,
    CASE WHEN h.known THEN h.late END    AS counted_later,
    h.unknown_tails,
    h.final AND h.known AND h.missing = 0 AND h.late = 0 AND h.unknown_tails = 0 AS complete
  FROM (
    SELECT
      span.hour,
      coalesce(span.hour + interval '1 hour' <= (SELECT audit.closed_before()), false) AS final,
      coalesce(span.hour >= (SELECT max(w.whole_from) FROM audit.served_watermarks w), false) AS known,
      least(coalesce(sum(s.numbers) FILTER (WHERE s.kind = 'missing'), 0),
        9223372036854775807)::bigint                                                 AS missing,
      least(coalesce(sum(s.numbers) FILTER (WHERE s.kind = 'late'), 0),
        9223372036854775807)::bigint                                                 AS late,
      count(*) FILTER (WHERE s.kind = 'tail')                                        AS unknown_tails
    FROM generate_series(
           (SELECT date_trunc('hour', min(window_start), 'UTC') FROM audit.rate_limit_totals),
           now(),
           interval '1 hour') AS span (hour)
    LEFT JOIN audit.series_spans s
      ON s.after_at < span.hour + interval '1 hour' AND s.before_at >= span.hour
    GROUP BY span.hour) AS h;
COMMENT ON VIEW audit.hour_completeness IS
  'Whether an hour has all of its decisions and adjustments; whole hours (UTC), of which those that are not final may still change. Decisions of the hour = those in its rows that are not late + counted_later + at most missing_at_most + unknown tails.';
COMMENT ON COLUMN audit.hour_completeness.hour IS 'Start of the hour (UTC)';
COMMENT ON COLUMN audit.hour_completeness.final IS 'Whether no event can change the rows of the hour any more';
COMMENT ON COLUMN audit.hour_completeness.missing_at_most IS 'Numbers that may be of this hour and were not received: lost, dropped or still expected. A number whose hour is uncertain, such as one within a minute of it, is in each hour that it may be of. Null before the first whole hour of the topic when it was first read';
COMMENT ON COLUMN audit.hour_completeness.counted_later IS 'Events of this hour that are counted in the minute of their arrival, because they arrived after AUDIT_MAX_LATENESS_HOURS. Null as missing_at_most';
COMMENT ON COLUMN audit.hour_completeness.unknown_tails IS 'Series of which further numbers may be of this hour: of a killed limiter, or of one that has not reached Kafka since';
COMMENT ON COLUMN audit.hour_completeness.complete IS 'Whether the hour is final and its rows have all of its decisions';

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
    bool_or(CASE WHEN closed THEN unknown_tail WHEN silent THEN true END) AS unknown_tail,
    max(last_word_at)                             AS last_word_at,
    (SELECT f.as_of FROM audit.freshness f)       AS as_of,
    (SELECT f.age FROM audit.freshness f)         AS age
  FROM audit.served_series
  GROUP BY instance;
COMMENT ON COLUMN audit.audit_completeness.unknown_tail IS
  'Whether more may be missing than is known: a start was closed without its last ledger, or is open without a record for two minutes, see served_series.silent; null while all are open and have records';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT SELECT ON audit.served_series, audit.series_spans, audit.hour_completeness TO analyst;
  END IF;
END $$;
