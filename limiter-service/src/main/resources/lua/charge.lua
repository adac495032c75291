-- charge.lua: gives back units of one earlier charge, as far as that charge still counts.
--
-- What later charges consumed is not given back: otherwise a caller could settle old charges to use the current window twice.
--
-- A charge is a table with
--   at     the key's own time of the charge, µs since 1970
--   cost   units
-- and of a bucket
--   limit  units per window at the charge, which another limit may have replaced
--   debt   the debt after it, millionths of a unit
--   tally  key of the units that settlements have given back on the bucket so far
--   given  the tally at the charge
-- A function of an algorithm returns the whole units given back. Nothing is given back after a rebase.
local give_of = {}

-- Units can be given back if the debt, without them, was never used up since the charge: then it is what it would be if
-- they had not been charged. Since the charge the debt fell by what refilled and by what settlements of other charges gave
-- back, which is no part of this charge. After a change of the limit the faster refill counts. `now` in µs.
function give_of.tb(limit, charge, cost, now)
  local tally = log_number(fetch({key = charge.tally}, 'GET')) or 0
  local debt = tally < charge.given and 0 or charge.debt - (tally - charge.given) * MILLIONTHS
  local counted = math.max(charge.cost * MILLIONTHS, debt)
  local faster = {limit = math.max(limit.limit, charge.limit), seconds = limit.seconds}
  local elapsed = math.min(limit.at - charge.at, bucket_drain(faster, counted))
  local left = math.min(limit.debt, math.max(0, counted - bucket_refill(faster, elapsed)))
  local given = token_bucket.give(limit, math.min(cost, math.floor(left / MILLIONTHS)))
  if given > 0 then
    redis.call('SET', charge.tally, string.format('%d', tally + given),
      'PXAT', string.format('%d', math.ceil(now / 1000) + 7200000))
  end
  return given
end

local function same_window(limit, charge)
  return math.floor(charge.at / limit.window) == math.floor(limit.at / limit.window)
end

function give_of.fw(limit, charge, cost)
  return same_window(limit, charge) and fixed_window.give(limit, cost) or 0
end

function give_of.sc(limit, charge, cost)
  return same_window(limit, charge) and sliding_window_counter.give(limit, cost) or 0
end

-- Max entries after the charge's own, all of which must be written again.
local MAX_LATER_ENTRIES = 500

-- The list from the entry `own` on, with its own cost and all later sums reduced, and a marker at the end.
local function log_reduced(limit, own, last, before, given)
  local pairs_read = redis.call('LRANGE', limit.key, 2 * own - 1, 2 * last)
  local written = {}
  limit.newest = own - 1 > limit.dropped and log_entry(limit, own - 1) or 0
  for i = 1, #pairs_read, 2 do
    local at, sum = log_number(pairs_read[i]), log_number(pairs_read[i + 1])
    if not at or not sum then
      limit.foreign = true
      return written
    end
    -- The charge's own entry is omitted when all of its units are given back.
    if sum - given > before then
      limit.newest = at
      written[#written + 1] = log_format(at)
      written[#written + 1] = log_format(sum - given)
    end
  end
  written[#written + 1] = log_format(limit.at)
  written[#written + 1] = log_format(limit.sum - given)
  return written
end

function give_of.sl(limit, charge, cost)
  local last = limit.marked and limit.length - 1 or limit.length
  local own = log_search(limit, limit.dropped + 1, last, function(t) return t >= charge.at end)
  if own > last or last - own > MAX_LATER_ENTRIES then
    return 0
  end
  local at, sum = log_entry(limit, own)
  local before = own > 1 and select(2, log_entry(limit, own - 1)) or tonumber(redis.call('LINDEX', limit.key, 0))
  local given = at == charge.at and math.min(cost, sum - before) or 0
  local written = given > 0 and log_reduced(limit, own, last, before, given)
  if limit.foreign then
    log_replaced(limit)
    return 0
  end
  if given > 0 then
    redis.call('LTRIM', limit.key, 2 * limit.dropped, 2 * own - 2)
    redis.call('RPUSH', limit.key, unpack(written))
    limit.used = limit.used - given
    log_expire(limit)
  end
  return given
end
