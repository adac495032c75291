-- Who changed which rule, when, from what to what. The admin API names itself and the request by the
-- settings limiter.changed_by and limiter.correlation_id of its transaction; anybody else is named by
-- the session's user.
CREATE TABLE rate_limit_rules_history (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule_id        bigint NOT NULL,
  revision       bigint NOT NULL,            -- the set's, once the change was made
  operation      text NOT NULL CHECK (operation IN ('create', 'replace', 'delete')),
  changed_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_by     text NOT NULL,
  correlation_id text,
  before         jsonb,                      -- the rule's row; null when created
  after          jsonb                       -- the rule's row; null when deleted
);
CREATE INDEX rate_limit_rules_history_by_rule ON rate_limit_rules_history (rule_id, id);

CREATE FUNCTION note_rule_change(
  rule_id bigint, operation text, before jsonb, after jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = limiter, pg_temp AS $$
  INSERT INTO limiter.rate_limit_rules_history
    (rule_id, revision, operation, changed_by, correlation_id, before, after)
  SELECT rule_id, revision, operation,
         coalesce(nullif(current_setting('limiter.changed_by', true), ''), session_user),
         nullif(current_setting('limiter.correlation_id', true), ''),
         before, after
    FROM limiter.rule_set
$$;

CREATE FUNCTION note_rule_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = limiter, pg_temp AS $$
BEGIN
  CASE TG_OP
    WHEN 'INSERT' THEN
      PERFORM limiter.note_rule_change(NEW.id, 'create', NULL, to_jsonb(NEW));
    WHEN 'UPDATE' THEN
      PERFORM limiter.note_rule_change(OLD.id, 'replace', to_jsonb(OLD), to_jsonb(NEW));
    WHEN 'DELETE' THEN
      PERFORM limiter.note_rule_change(OLD.id, 'delete', to_jsonb(OLD), NULL);
  END CASE;
  RETURN NULL;
END $$;

-- A truncate has no rows for a trigger, so it is told before they are gone.
CREATE FUNCTION note_truncated_rules() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = limiter, pg_temp AS $$
BEGIN
  PERFORM limiter.note_rule_change(r.id, 'delete', to_jsonb(r), NULL)
     FROM limiter.rate_limit_rules r;
  RETURN NULL;
END $$;

CREATE TRIGGER note_rule_row
  AFTER INSERT OR UPDATE OR DELETE ON rate_limit_rules
  FOR EACH ROW EXECUTE FUNCTION note_rule_row();
CREATE TRIGGER b_note_truncated_rules
  BEFORE TRUNCATE ON rate_limit_rules
  FOR EACH STATEMENT EXECUTE FUNCTION note_truncated_rules();
