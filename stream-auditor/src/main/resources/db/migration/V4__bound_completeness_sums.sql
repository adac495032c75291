-- A series that claims 2^53 numbers, or one of 2^63 from before such claims were refused, must not end the
-- query for all: a sum beyond bigint is shown as the greatest bigint.

CREATE OR REPLACE VIEW audit.audit_completeness AS
  SELECT
    instance,
    count(DISTINCT epoch)                             AS epochs,
    count(DISTINCT epoch) FILTER (WHERE NOT closed)   AS open_epochs,
    least(sum(issued), 9223372036854775807)::bigint    AS issued,
    least(sum(received), 9223372036854775807)::bigint  AS received,
    least(sum(lost), 9223372036854775807)::bigint      AS lost,
    least(sum(duplicate), 9223372036854775807)::bigint AS duplicate,
    least(sum(dropped), 9223372036854775807)::bigint   AS dropped,
    bool_or(unknown_tail)                             AS unknown_tail,
    max(last_word_at)                                 AS last_word_at
  FROM audit.series
  GROUP BY instance;
