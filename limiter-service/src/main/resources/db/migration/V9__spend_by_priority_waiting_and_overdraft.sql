-- How the capacity of a rule may be spent. The table accepts what the admin API accepts. A change of these columns keeps the
-- counters: none of them is part of what is counted together.

-- Without a scale: numeric(5,4) would round a value that must be refused.
ALTER TABLE limiter.rate_limit_rules
  ADD COLUMN reserve_normal numeric NOT NULL DEFAULT 0,
  ADD COLUMN reserve_low    numeric NOT NULL DEFAULT 0,
  ADD COLUMN max_wait_ms    bigint NOT NULL DEFAULT 0,
  ADD COLUMN overdraft      bigint NOT NULL DEFAULT 0;

COMMENT ON COLUMN limiter.rate_limit_rules.reserve_normal IS
  'Share of the capacity kept from checks of normal priority, 0 to reserve_low, at most 4 decimals';
COMMENT ON COLUMN limiter.rate_limit_rules.reserve_low IS
  'Share of the capacity kept from checks of low priority, 0 to 0.95, at most 4 decimals';
COMMENT ON COLUMN limiter.rate_limit_rules.max_wait_ms IS
  'Max time that a check may wait for its units, 0 to 30000 ms; used by token buckets only';
COMMENT ON COLUMN limiter.rate_limit_rules.overdraft IS
  'Units beyond the capacity that a settlement may charge, at most 10 times the capacity';

-- A rule that names no algorithm has the bounds of a token bucket. A rule with the defaults violates none of the constraints,
-- whatever its other faults are. Products are numeric: an overflow of bigint would hide the constraint that names the fault.
ALTER TABLE limiter.rate_limit_rules
  ADD CONSTRAINT reserve_normal_is_0_to_reserve_low CHECK (reserve_normal BETWEEN 0 AND reserve_low),
  ADD CONSTRAINT reserve_low_is_0_to_95_hundredths CHECK (reserve_low BETWEEN 0 AND 0.95),
  ADD CONSTRAINT reserve_has_at_most_4_decimals CHECK (
    reserve_normal = trunc(reserve_normal, 4) AND reserve_low = trunc(reserve_low, 4)),
  ADD CONSTRAINT max_wait_is_0_to_30000_ms CHECK (max_wait_ms BETWEEN 0 AND 30000),
  ADD CONSTRAINT max_wait_is_for_token_bucket_only CHECK (
    max_wait_ms = 0 OR algorithm IS NULL OR algorithm = 'token_bucket'),
  ADD CONSTRAINT overdraft_is_0_to_10_times_the_capacity CHECK (
    overdraft = 0 OR overdraft BETWEEN 1 AND 10::numeric * coalesce(burst, rate)),
  ADD CONSTRAINT capacity_with_wait_or_overdraft_is_at_most_9e9 CHECK (
    overdraft = 0 AND max_wait_ms = 0
    OR overdraft::numeric + coalesce(burst, rate) <= 9000000000
       AND max_wait_ms::numeric * rate <= (9000000000 - coalesce(burst, rate)::numeric) * window_seconds * 1000),
  ADD CONSTRAINT reserve_wait_and_overdraft_need_a_rate CHECK (
    coalesce(rate, 0) > 0 OR reserve_low = 0 AND max_wait_ms = 0 AND overdraft = 0);
