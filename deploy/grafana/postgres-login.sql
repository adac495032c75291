-- Grafana's login: a member of analyst, the role that may read the schema audit and nothing else. Run once by a superuser,
-- before or after the auditor's first start (psql -v password=… -f), or with the shipped password by the database's image.
\if :{?password}
\else
\set password grafana
\endif
SELECT 'CREATE ROLE analyst NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'analyst') \gexec
CREATE ROLE grafana LOGIN PASSWORD :'password' IN ROLE analyst;
