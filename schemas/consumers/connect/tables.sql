-- Target tables in PostgreSQL 15 or newer, for decisions.json and block-rates.json.
CREATE TABLE decisions (
    decision_id     text PRIMARY KEY,
    decided_at_us   bigint,
    decided_at      timestamptz GENERATED ALWAYS AS (to_timestamp(decided_at_us / 1e6)) STORED,
    tenant          text,
    client_id       text,
    limit_key       text,
    cost            bigint,
    allowed         boolean,
    reason          text,
    rule            text,
    rule_revision   bigint,
    source          text,
    degraded_reason text,
    latency_us      bigint,
    instance        text,
    region          text,
    correlation_id  text
);
CREATE INDEX decisions_by_time ON decisions (decided_at_us);

CREATE TABLE block_rates (
    row_key       text PRIMARY KEY,
    kind          text,
    generation    bigint,
    revision      bigint,
    window_start  bigint,
    region        text,
    tenant        text,
    client_id     text,
    limit_key     text,
    rule          text,
    rule_revision bigint,
    allowed_count bigint,
    blocked_count bigint,
    error_count   bigint,
    cost_allowed  bigint,
    cost_blocked  bigint
);
CREATE INDEX block_rates_by_minute ON block_rates (window_start);

CREATE FUNCTION skip_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';

-- The connector writes each record of a topic. These skip adjustments and ledgers, which have no decision id, and other kinds of figures.
CREATE TRIGGER only_decisions BEFORE INSERT ON decisions
    FOR EACH ROW WHEN (NEW.decision_id IS NULL OR NEW.decided_at_us IS NULL) EXECUTE FUNCTION skip_row();
CREATE TRIGGER only_clients_and_totals BEFORE INSERT ON block_rates
    FOR EACH ROW WHEN (NEW.kind IS NULL OR NEW.kind NOT IN ('client', 'total')) EXECUTE FUNCTION skip_row();

-- A record that is read again must not replace a newer one.
CREATE TRIGGER only_newer BEFORE UPDATE ON block_rates
    FOR EACH ROW WHEN ((NEW.generation, NEW.revision) < (OLD.generation, OLD.revision)) EXECUTE FUNCTION skip_row();
