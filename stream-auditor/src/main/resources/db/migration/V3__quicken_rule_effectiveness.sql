-- Without the latency of each rule and day: to add up a day's histograms takes a second, and whoever did
-- not ask for it waited too. SELECT audit.latency_us(0.95, day, day + interval '1 day', tenant, rule).

DROP VIEW audit.rule_effectiveness;

CREATE VIEW audit.rule_effectiveness AS
  SELECT
    d.day,
    d.tenant,
    d.limit_key,
    d.rule,
    d.algorithm,
    d.allowed_count + d.blocked_count AS checked_count,
    d.blocked_count,
    d.block_rate,
    d.cost_blocked,
    d.blocked_count::double precision
      / nullif(sum(d.blocked_count) OVER (PARTITION BY d.day), 0) AS share_of_blocks,
    d.shadow_checked_count,
    d.shadow_blocked_count,
    d.shadow_blocked_count::double precision / nullif(d.shadow_checked_count, 0)
      AS shadow_block_rate,
    d.error_count,
    d.degraded_count,
    d.final
  FROM audit.block_rate_by_day d;

COMMENT ON VIEW audit.rule_effectiveness IS 'What each rule does, by day (UTC): shadow rules included.';
COMMENT ON COLUMN audit.rule_effectiveness.day IS 'Start of the day (UTC)';
COMMENT ON COLUMN audit.rule_effectiveness.tenant IS 'Tenant of the rule; (none) where none applied';
COMMENT ON COLUMN audit.rule_effectiveness.limit_key IS 'Limit key of the rule, * for all';
COMMENT ON COLUMN audit.rule_effectiveness.rule IS 'Name of the rule';
COMMENT ON COLUMN audit.rule_effectiveness.algorithm IS 'Algorithm of the rule';
COMMENT ON COLUMN audit.rule_effectiveness.checked_count IS 'Decisions of which the rule was at the top';
COMMENT ON COLUMN audit.rule_effectiveness.blocked_count IS 'Decisions that it blocked';
COMMENT ON COLUMN audit.rule_effectiveness.block_rate IS 'blocked / checked, 0 to 1; null where nothing was decided';
COMMENT ON COLUMN audit.rule_effectiveness.cost_blocked IS 'Units that the blocked decisions asked for';
COMMENT ON COLUMN audit.rule_effectiveness.share_of_blocks IS 'This rule''s part in the blocks of the day, 0 to 1';
COMMENT ON COLUMN audit.rule_effectiveness.shadow_checked_count IS 'Shadow rule only: checks that it looked at';
COMMENT ON COLUMN audit.rule_effectiveness.shadow_blocked_count IS 'Shadow rule only: checks that it would have blocked';
COMMENT ON COLUMN audit.rule_effectiveness.shadow_block_rate IS 'Shadow rule only: would have blocked / looked at, 0 to 1';
COMMENT ON COLUMN audit.rule_effectiveness.error_count IS 'Decisions that failed closed because the store did not answer';
COMMENT ON COLUMN audit.rule_effectiveness.degraded_count IS 'How many were made without the store';
COMMENT ON COLUMN audit.rule_effectiveness.final IS 'Whether no event can change these figures any more';

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT SELECT ON audit.rule_effectiveness TO analyst;
  END IF;
END $$;
