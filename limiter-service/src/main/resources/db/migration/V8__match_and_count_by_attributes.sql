-- Rules over any attributes of a check: which values a rule matches, and which attributes it counts by. The table accepts what the
-- admin API accepts, except that only limiters check how many prefixes stand beside the same exact values (64), and how many limits
-- could apply to one check (32): beyond these they refuse the rule set and keep their last valid one.

ALTER TABLE limiter.rate_limit_rules
  ADD COLUMN match jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN by text[];

COMMENT ON COLUMN limiter.rate_limit_rules.match IS
  'What a check must have beside client_id and limit_key: object of attribute to exact value, prefix* or *';
COMMENT ON COLUMN limiter.rate_limit_rules.by IS
  'Attributes that the rule counts by, ascending: a counter for each combination of their values; null: client_id and limit_key';
COMMENT ON COLUMN limiter.rate_limit_rules.rate IS
  'Units per window, 0 to block always; with mode exempt not used, and may be null together with window_seconds';

-- The functions of constraints return true for what another constraint refuses: PostgreSQL checks them in the order of their names.

CREATE FUNCTION limiter.match_members(match jsonb) RETURNS TABLE (name text, pattern jsonb)
LANGUAGE sql IMMUTABLE AS $$
  SELECT key, value FROM jsonb_each(CASE jsonb_typeof(match) WHEN 'object' THEN match ELSE '{}' END)
$$;

CREATE FUNCTION limiter.is_attribute_name(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT name ~ '^[a-z][a-z0-9_.-]{0,62}$' AND name <> 'tenant'
$$;

CREATE FUNCTION limiter.match_has_at_most_16_members(match jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT count(*) <= 16 FROM (SELECT FROM limiter.match_members(match) LIMIT 17) AS members
$$;

CREATE FUNCTION limiter.match_has_names_of_attributes(match jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT NOT EXISTS (SELECT FROM limiter.match_members(match) WHERE NOT limiter.is_attribute_name(name))
$$;

CREATE FUNCTION limiter.match_has_text_of_1_to_256_bytes(match jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM limiter.match_members(match)
     WHERE jsonb_typeof(pattern) <> 'string'
        OR octet_length(pattern #>> '{}') NOT BETWEEN 1 AND 256
        OR pattern #>> '{}' ~ '[\u0001-\u001f\u007f-\u009f]')
$$;

-- A pattern of a field that has a column: the exact value and * are given in the column.
CREATE FUNCTION limiter.is_prefix_of_any(pattern text, field text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT pattern IS NULL OR field = '*' AND pattern <> '*' AND right(pattern, 1) = '*'
$$;

-- Equal arrays have the same dimensions and bounds, so this also refuses an array of arrays.
CREATE FUNCTION limiter.by_is_ascending(by text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT by COLLATE "C" = ARRAY(SELECT DISTINCT name COLLATE "C" FROM unnest(by) AS names (name) ORDER BY 1)
$$;

CREATE FUNCTION limiter.by_has_names_of_attributes(by text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM unnest(by) AS names (name) WHERE limiter.is_attribute_name(name) IS NOT TRUE)
$$;

ALTER TABLE limiter.rate_limit_rules
  DROP CONSTRAINT IF EXISTS rate_is_1_to_1000000000,
  ADD CONSTRAINT rate_is_0_to_1000000000 CHECK (rate BETWEEN 0 AND 1000000000),
  ADD CONSTRAINT a_ban_has_no_burst CHECK (rate <> 0 OR burst IS NULL),
  ADD CONSTRAINT match_is_an_object CHECK (jsonb_typeof(match) = 'object'),
  ADD CONSTRAINT match_has_at_most_16_members CHECK (
    match = '{}' OR limiter.match_has_at_most_16_members(match)),
  ADD CONSTRAINT match_has_names_of_attributes CHECK (
    match = '{}' OR limiter.match_has_names_of_attributes(match)),
  ADD CONSTRAINT match_has_text_of_1_to_256_bytes CHECK (
    match = '{}' OR limiter.match_has_text_of_1_to_256_bytes(match)),
  ADD CONSTRAINT match_of_client_id_is_a_prefix_of_any_client CHECK (
    limiter.is_prefix_of_any(match ->> 'client_id', client_id)),
  ADD CONSTRAINT match_of_limit_key_is_a_prefix_of_any_limit_key CHECK (
    limiter.is_prefix_of_any(match ->> 'limit_key', limit_key)),
  ADD CONSTRAINT by_has_at_most_4_names CHECK (cardinality(by) <= 4),
  ADD CONSTRAINT by_has_names_of_attributes CHECK (limiter.by_has_names_of_attributes(by)),
  ADD CONSTRAINT by_is_ascending_and_has_each_name_once CHECK (limiter.by_is_ascending(by)),
  ADD CONSTRAINT shared_is_for_rules_without_by CHECK (NOT shared OR by IS NULL);

-- A rule that matches or counts by attributes needs no client.
CREATE OR REPLACE FUNCTION limiter.complete_rule() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = limiter, pg_temp AS $$
BEGIN
  SELECT revision INTO STRICT NEW.revision FROM limiter.rule_set;
  IF NEW.match <> '{}' OR NEW."by" IS NOT NULL THEN
    NEW.client_id := coalesce(NEW.client_id, '*');
  END IF;
  NEW.name := coalesce(NEW.name, limiter.rule_name(NEW.client_id, NEW.limit_key));
  NEW.updated_at := clock_timestamp();
  NEW.created_at := CASE TG_OP WHEN 'INSERT' THEN NEW.updated_at ELSE OLD.created_at END;
  RETURN NEW;
END $$;

-- Rows of the history from before this migration have no match.
CREATE OR REPLACE FUNCTION limiter.raise_counter_epoch() RETURNS trigger
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
         AND (last.tenant, last.client_id, last.limit_key, coalesce(last.match, '{}'), last."by", last.shared, last.algorithm,
              last.window_seconds)
             IS DISTINCT FROM
             (NEW.tenant, NEW.client_id, NEW.limit_key, NEW.match, NEW."by", NEW.shared, NEW.algorithm,
              NEW.window_seconds)
    THEN 1 ELSE 0 END;
  RETURN NEW;
END $$;

-- A cell is what rules match and count by. A ban list has many rules with the same client and limit key: its cells are found by
-- a hash of match, which may be too large for an index.
DROP INDEX limiter.rate_limit_rules_by_cell;
CREATE INDEX rate_limit_rules_by_cell ON limiter.rate_limit_rules (tenant, client_id, limit_key, md5(match::text));

CREATE OR REPLACE FUNCTION limiter.refuse_overfull_cell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = limiter, pg_temp AS $$
DECLARE
  overfull record;
BEGIN
  -- Planned each time: the plan for a few changed rows is too slow for many.
  EXECUTE $query$
    SELECT r.tenant, r.client_id, r.limit_key, r.match, r.by
      FROM limiter.rate_limit_rules r
      JOIN (SELECT DISTINCT tenant, client_id, limit_key, match, by FROM changed WHERE enabled) c
        ON r.tenant = c.tenant AND r.client_id = c.client_id AND r.limit_key = c.limit_key
       AND md5(r.match::text) = md5(c.match::text) AND r.by IS NOT DISTINCT FROM c.by
     WHERE r.enabled
     GROUP BY r.tenant, r.client_id, r.limit_key, r.match, r.by
    HAVING count(*) > 8
     LIMIT 1 $query$ INTO overfull;
  IF overfull.tenant IS NOT NULL THEN
    RAISE check_violation USING
      CONSTRAINT = 'at_most_8_enabled_rules_in_a_cell',
      SCHEMA = 'limiter',
      TABLE = 'rate_limit_rules',
      MESSAGE = format('more than 8 enabled rules for tenant %s, client_id %s, limit_key %s',
                       overfull.tenant, overfull.client_id, overfull.limit_key)
                || CASE overfull.match WHEN '{}' THEN '' ELSE ', match ' || left(overfull.match::text, 500) END
                || coalesce(', by ' || to_jsonb(overfull."by")::text, '');
  END IF;
  RETURN NULL;
END $$;

-- The attributes that a rule matches exactly. A limiter looks a check up once for each such set.
CREATE FUNCTION limiter.rule_shape(client_id text, limit_key text, match jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
  SELECT ARRAY(
    SELECT name COLLATE "C" FROM (
      SELECT 'client_id' WHERE client_id <> '*'
      UNION ALL
      SELECT 'limit_key' WHERE limit_key <> '*'
      UNION ALL
      SELECT name FROM limiter.match_members(match) WHERE right(pattern #>> '{}', 1) <> '*') AS exact (name)
    ORDER BY 1)
$$;

-- '{*}' is no list of attributes: it stands for null, which min and > skip.
CREATE INDEX rate_limit_rules_by_layer ON limiter.rate_limit_rules (tenant, coalesce(by, '{*}'))
  WHERE enabled AND (match <> '{}' OR by IS NOT NULL);
CREATE INDEX rate_limit_rules_by_shape ON limiter.rate_limit_rules (tenant, limiter.rule_shape(client_id, limit_key, match))
  WHERE enabled AND (match <> '{}' OR by IS NOT NULL);

-- Each step of the recursion takes the next layer or shape from its index: the cost does not depend on the number of rules.
CREATE FUNCTION limiter.refuse_many_layers_and_shapes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = limiter, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  written text;
  layers integer;
  shapes integer;
BEGIN
  FOR written IN
    SELECT DISTINCT tenant FROM changed WHERE enabled AND (match <> '{}' OR by IS NOT NULL)
  LOOP
    WITH RECURSIVE steps (step, layer) AS (
      SELECT 1, min(coalesce(by, '{*}')) FROM limiter.rate_limit_rules
       WHERE tenant = written AND enabled AND (match <> '{}' OR by IS NOT NULL)
      UNION ALL
      SELECT step + 1, (
               SELECT min(coalesce(by, '{*}')) FROM limiter.rate_limit_rules
                WHERE tenant = written AND enabled AND (match <> '{}' OR by IS NOT NULL)
                  AND coalesce(by, '{*}') > layer)
        FROM steps
       WHERE layer IS NOT NULL AND step <= 8)
    SELECT count(layer) INTO layers FROM steps;

    WITH RECURSIVE steps (step, shape) AS (
      SELECT 1, min(limiter.rule_shape(client_id, limit_key, match)) FROM limiter.rate_limit_rules
       WHERE tenant = written AND enabled AND (match <> '{}' OR by IS NOT NULL)
      UNION ALL
      SELECT step + 1, (
               SELECT min(limiter.rule_shape(client_id, limit_key, match)) FROM limiter.rate_limit_rules
                WHERE tenant = written AND enabled AND (match <> '{}' OR by IS NOT NULL)
                  AND limiter.rule_shape(client_id, limit_key, match) > shape)
        FROM steps
       WHERE shape IS NOT NULL AND step <= 8)
    SELECT count(shape) INTO shapes FROM steps;

    IF layers > 8 THEN
      RAISE check_violation USING
        CONSTRAINT = 'at_most_8_layers_in_a_tenant',
        SCHEMA = 'limiter',
        TABLE = 'rate_limit_rules',
        MESSAGE = format('more than 8 different by among the enabled rules of tenant %s that have match or by', written);
    ELSIF shapes > 8 THEN
      RAISE check_violation USING
        CONSTRAINT = 'at_most_8_shapes_in_a_tenant',
        SCHEMA = 'limiter',
        TABLE = 'rate_limit_rules',
        MESSAGE = format('more than 8 different sets of exactly matched attributes among the enabled rules of tenant %s'
                         ' that have match or by', written);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- As in V7: it runs with its owner's rights.
REVOKE EXECUTE ON FUNCTION limiter.refuse_many_layers_and_shapes() FROM PUBLIC;

CREATE TRIGGER refuse_many_layers_and_shapes_on_insert
  AFTER INSERT ON limiter.rate_limit_rules REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION limiter.refuse_many_layers_and_shapes();
CREATE TRIGGER refuse_many_layers_and_shapes_on_update
  AFTER UPDATE ON limiter.rate_limit_rules REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION limiter.refuse_many_layers_and_shapes();
