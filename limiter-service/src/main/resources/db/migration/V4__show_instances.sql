-- Which limiters are running, and which rules each of them obeys: for people. Nothing is decided by it.

CREATE TABLE limiter.instances (
  instance        text        PRIMARY KEY,
  rules_revision  bigint      NOT NULL,
  rules_source    text        NOT NULL,
  seen_at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE limiter.instances IS 'Limiters that said something within the last day.';
COMMENT ON COLUMN limiter.instances.instance IS 'INSTANCE_ID';
COMMENT ON COLUMN limiter.instances.rules_revision IS 'Revision of the rule set that it obeys';
COMMENT ON COLUMN limiter.instances.rules_source IS 'Where it read the set: database, snapshot, file or shipped';
COMMENT ON COLUMN limiter.instances.seen_at IS 'When it last said so';
