-- The services' logins. Each owns its schema; the limiter may also read the schema audit, for the page, and the auditor has no
-- rights on the limiter's. Run by a superuser in the product's database, before or after the services' first start; running it
-- again changes nothing. Objects that the services created as another user become theirs. Except on a developer's machine,
-- follow it with ALTER ROLE limiter PASSWORD '…' and ALTER ROLE auditor PASSWORD '…'.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    CREATE ROLE analyst NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'limiter') THEN
    CREATE ROLE limiter LOGIN PASSWORD 'limiter';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'auditor') THEN
    CREATE ROLE auditor LOGIN PASSWORD 'auditor';
  END IF;
END $$;

GRANT analyst TO limiter;

CREATE SCHEMA IF NOT EXISTS limiter;
CREATE SCHEMA IF NOT EXISTS audit;
ALTER SCHEMA limiter OWNER TO limiter;
ALTER SCHEMA audit OWNER TO auditor;

GRANT USAGE ON SCHEMA audit TO analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA audit TO analyst;
ALTER DEFAULT PRIVILEGES FOR ROLE auditor IN SCHEMA audit GRANT SELECT ON TABLES TO analyst;

-- Of the limiter's tables analysts read the rules' history. Before the limiter's first start it has none, and its migration grants this.
GRANT USAGE ON SCHEMA limiter TO analyst;
DO $$
DECLARE
  readable regclass;
BEGIN
  FOR readable IN
    SELECT oid FROM pg_class
     WHERE relnamespace = 'limiter'::regnamespace AND relname IN ('rate_limit_rules_history', 'rule_set')
  LOOP
    EXECUTE format('GRANT SELECT ON %s TO analyst', readable);
  END LOOP;
END $$;

-- Indexes and the sequences of identity columns follow their tables.
DO $$
DECLARE
  owned record;
BEGIN
  FOR owned IN
    SELECT CASE WHEN c.relkind = 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind, c.oid::regclass::text AS name,
           CASE n.nspname WHEN 'audit' THEN 'auditor' ELSE 'limiter' END AS owner
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('limiter', 'audit') AND c.relkind IN ('r', 'p', 'v')
    UNION ALL
    SELECT 'FUNCTION', p.oid::regprocedure::text,
           CASE n.nspname WHEN 'audit' THEN 'auditor' ELSE 'limiter' END
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname IN ('limiter', 'audit')
  LOOP
    EXECUTE format('ALTER %s %s OWNER TO %I', owned.kind, owned.name, owned.owner);
  END LOOP;
END $$;
