-- Two additions to rules: an epoch that makes counters start afresh, and the mode exempt.

ALTER TABLE limiter.rate_limit_rules
  ADD COLUMN counter_epoch bigint NOT NULL DEFAULT 0,
  ALTER COLUMN rate DROP NOT NULL,
  ALTER COLUMN window_seconds DROP NOT NULL,
  DROP CONSTRAINT IF EXISTS mode_is_known,
  ADD CONSTRAINT mode_is_known CHECK (mode IN ('enforce', 'shadow', 'exempt')),
  ADD CONSTRAINT rate_and_window_are_required_unless_exempt CHECK (
    rate IS NOT NULL AND window_seconds IS NOT NULL
    OR mode = 'exempt' AND rate IS NULL AND window_seconds IS NULL AND burst IS NULL),
  ADD CONSTRAINT always_is_not_for_exempt CHECK (NOT (always AND mode = 'exempt'));

COMMENT ON COLUMN limiter.rate_limit_rules.counter_epoch IS
  'Part of the store key; raised by a trigger with each change of what is counted together. A value from a writer is ignored.';
COMMENT ON COLUMN limiter.rate_limit_rules.rate IS
  'Units per window; with mode exempt not used, and may be null together with window_seconds';
COMMENT ON COLUMN limiter.rate_limit_rules.window_seconds IS
  'With mode exempt not used, and may be null together with rate';

-- Counters outlive a change: when the old window is written again, the old key would be found with counts
-- that later checks and resets did not change. An id that is inserted again (by a script that deletes and
-- inserts) continues from the history, as if its row had been updated.
CREATE FUNCTION limiter.raise_counter_epoch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = limiter, pg_temp AS $$
DECLARE
  last limiter.rate_limit_rules;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.id = OLD.id THEN
    last := OLD;
  ELSE
    SELECT (jsonb_populate_record(NULL::limiter.rate_limit_rules, h.before)).* INTO last
      FROM limiter.rate_limit_rules_history h
     WHERE h.rule_id = NEW.id
     ORDER BY h.id DESC
     LIMIT 1;
  END IF;
  NEW.counter_epoch := coalesce(last.counter_epoch, 0) + CASE
    WHEN last.id IS NOT NULL
         AND (last.tenant, last.client_id, last.limit_key, last.shared, last.algorithm, last.window_seconds)
             IS DISTINCT FROM
             (NEW.tenant, NEW.client_id, NEW.limit_key, NEW.shared, NEW.algorithm, NEW.window_seconds)
    THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

CREATE TRIGGER raise_counter_epoch
  BEFORE INSERT OR UPDATE ON limiter.rate_limit_rules
  FOR EACH ROW EXECUTE FUNCTION limiter.raise_counter_epoch();
