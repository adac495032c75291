-- token_bucket.lua: a bucket that refills continuously.
--
-- State   string "debt:at"; debt in millionths of a unit, at in µs. Debt is what was taken and has not been refilled.
--         Unlike a count of tokens, it stays correct when the limit is raised.
-- Allows  debt + cost ≤ capacity, the debt falling by limit ÷ window
-- Reports debt as it was last written, but at most the ceiling; µs from then to `at`. Waiting times computed from these
--         are exact. From the debt at `at`, rounded to a millionth of a unit, they would not be: a millionth takes window ÷
--         limit µs, 86 ms where a unit takes a day.
-- Exact   refill(e) = ⌊e·L/W⌋ is computed from e = q·W + r as q·L + ⌊r·L/W⌋, drain(d) = ⌈d·W/L⌉ likewise, so that
--         no intermediate reaches 2^53 (limit × window ≤ 9·10^15, capacity × window ÷ limit ≤ 10 years). Every rounding
--         is against the client by less than a millionth of a unit. refill(drain(d)) ≥ d.
-- Source  the leaky bucket as a meter, ITU-T I.371 annex A, counted in units instead of times
local token_bucket = {}

local MILLIONTHS = 1000000

-- Debt of the largest ceiling, millionths of a unit.
local MAX_DEBT = 9000000000 * MILLIONTHS

local function bucket_drain(limit, debt)
  return math.floor(debt / limit.limit) * limit.seconds
    + math.ceil(debt % limit.limit * limit.seconds / limit.limit)
end

local function bucket_refill(limit, elapsed)
  return math.floor(elapsed / limit.seconds) * limit.limit
    + math.floor(elapsed % limit.seconds * limit.limit / limit.seconds)
end

local function bucket_write(limit)
  limit.written, limit.elapsed = limit.debt, 0
  redis.call('SET', limit.key, string.format('%d:%d', limit.debt, limit.at),
    'PXAT', expiry(limit.at, limit.at + bucket_drain(limit, limit.debt)))
end

function token_bucket.read(limit, now)
  local debt, last = fetch_numbers(limit, '^(%d+):(%d+)$', MAX_DEBT)
  if not debt then
    limit.debt, limit.written, limit.elapsed, limit.at = 0, 0, 0, now
    return
  end
  advance(limit, last, now)
  -- The debt may exceed a lowered ceiling. Reduced first, so that the elapsed time below is bounded too.
  limit.written = math.min(debt, (limit.ceiling or limit.capacity) * MILLIONTHS)
  limit.elapsed = limit.rebased and 0 or limit.at - last
  local refilling = math.min(limit.elapsed, bucket_drain(limit, limit.written))
  limit.debt = math.max(0, limit.written - bucket_refill(limit, refilling))
end

function token_bucket.allows(limit, cost)
  return limit.debt + cost * MILLIONTHS <= limit.capacity * MILLIONTHS
end

function token_bucket.take(limit, cost)
  limit.debt = limit.debt + cost * MILLIONTHS
  bucket_write(limit)
end

function token_bucket.give(limit, cost)
  local given = math.min(limit.debt, cost * MILLIONTHS)
  if given > 0 then
    limit.debt = limit.debt - given
    bucket_write(limit)
  end
  return math.floor(given / MILLIONTHS)
end

token_bucket.rebase = bucket_write

function token_bucket.consumed(limit)
  return math.floor(limit.debt / MILLIONTHS)
end

function token_bucket.remaining(limit)
  return math.max(0, math.floor((limit.capacity * MILLIONTHS - limit.debt) / MILLIONTHS))
end

function token_bucket.report(limit, out)
  out[#out + 1] = limit.written
  out[#out + 1] = limit.elapsed
end
