-- fixed_window.lua: counts from zero in each window of the clock.
--
-- State   string "used:at"; used in units, at in µs. The window is ⌊at ÷ window⌋, so it need not be stored.
-- Allows  used + cost ≤ capacity in the window of `at`
-- Reports used
local fixed_window = {}

local function window_write(limit)
  redis.call('SET', limit.key, string.format('%d:%d', limit.used, limit.at),
    'PXAT', expiry(limit.at, limit.at - limit.at % limit.window + limit.window))
end

function fixed_window.read(limit, now)
  local used, last = fetch_numbers(limit, '^(%d+):(%d+)$', MAX_COUNT)
  if not used then
    limit.used, limit.at = 0, now
    return
  end
  advance(limit, last, now)
  -- A rebase keeps what was consumed: it counts in the window of the new time.
  if not limit.rebased and math.floor(limit.at / limit.window) > math.floor(last / limit.window) then
    used = 0
  end
  limit.used = used
end

function fixed_window.allows(limit, cost)
  return limit.used + cost <= limit.capacity
end

function fixed_window.take(limit, cost)
  limit.used = limit.used + cost
  window_write(limit)
end

function fixed_window.give(limit, cost)
  local given = math.min(limit.used, cost)
  if given > 0 then
    limit.used = limit.used - given
    window_write(limit)
  end
  return given
end

fixed_window.rebase = window_write

function fixed_window.consumed(limit)
  return limit.used
end

function fixed_window.remaining(limit)
  return math.max(0, limit.capacity - limit.used)
end

function fixed_window.report(limit, out)
  out[#out + 1] = limit.used
end
