-- Analysts read the rules' history, so that figures of the audit can be joined with what was changed: audit.rule_revisions
-- has the revisions. They may neither read other tables of this schema nor write any.

CREATE INDEX rate_limit_rules_history_by_time ON limiter.rate_limit_rules_history (changed_at);

-- These run with their owner's rights, and a role with access to the schema could call them, or attach a trigger's function to
-- a table of its own. Triggers that exist need no such right.
DO $$
DECLARE
  definer record;
BEGIN
  FOR definer IN
    SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = 'limiter'::regnamespace AND prosecdef
  LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', definer.name);
  END LOOP;
END $$;

-- The auditor's migrations create the role, too: whichever runs first.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    CREATE ROLE analyst NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE WARNING 'role analyst is missing: CREATE ROLE analyst NOLOGIN, then run the grants of this migration';
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    GRANT USAGE ON SCHEMA limiter TO analyst;
    GRANT SELECT ON limiter.rate_limit_rules_history, limiter.rule_set TO analyst;
  END IF;
END $$;

COMMENT ON TABLE limiter.rate_limit_rules_history IS
  'What was changed in which rule, when and by what; may be read by analysts.';
COMMENT ON COLUMN limiter.rate_limit_rules_history.rule_id IS 'id of the rule, stable through changes';
COMMENT ON COLUMN limiter.rate_limit_rules_history.revision IS
  'Revision of the rule set with this change: rule_revision in audit.rule_revisions';
COMMENT ON COLUMN limiter.rate_limit_rules_history.operation IS 'create, replace or delete';
COMMENT ON COLUMN limiter.rate_limit_rules_history.changed_at IS
  'When; limiters apply a change within two seconds of its commit';
COMMENT ON COLUMN limiter.rate_limit_rules_history.changed_by IS 'The admin API''s caller, or the login of another writer';
COMMENT ON COLUMN limiter.rate_limit_rules_history.correlation_id IS 'Of the request to the admin API; null otherwise';
COMMENT ON COLUMN limiter.rate_limit_rules_history.before IS 'The rule''s row; null when created';
COMMENT ON COLUMN limiter.rate_limit_rules_history.after IS 'The rule''s row; null when deleted';
COMMENT ON TABLE limiter.rule_set IS 'The revision of the rules as a whole; one row.';
