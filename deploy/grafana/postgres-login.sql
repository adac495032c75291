-- Grafana's login: a member of analyst, the role that may read the schema audit and the rules' history and nothing else. Run once by
-- a superuser, before or after the services' first start. Elsewhere than on one's own machine, follow it with ALTER ROLE grafana PASSWORD '…'.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') THEN
    CREATE ROLE analyst NOLOGIN;
  END IF;
END $$;

CREATE ROLE grafana LOGIN PASSWORD 'grafana' IN ROLE analyst;
