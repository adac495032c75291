-- store.lua: the part that every script of this folder begins with.
--
-- A script is this file, then the algorithms that it needs, then one operation (check.lua, refund.lua,
-- reset.lua or settle.lua).
-- Every number is a whole number below 2^53, which Lua's doubles represent exactly. Numbers are formatted with %d, which
-- writes all digits (`..` writes 14) at half the cost of %.0f, and never passed to redis.call, which may write 1.8e+12.
--
-- A limit is a table with
--   key       the store key; all keys of one script share a hash tag, so one slot
--   limit     units per window
--   seconds   length of the window, s
--   window    length of the window, µs
--   capacity  largest cost that can pass at once, units: without those that are reserved for higher priorities
--   ceiling   max units under a bucket's key; nil: the capacity. More than the capacity where checks may wait or a
--             settlement may overdraw
-- to which an algorithm's read() adds
--   at        the key's own time, µs since 1970
--   rebased   true when that time was set back, because the clock went back by more than the window
--   replaced  true when a foreign value is under the key: it counts as untouched, and the next write replaces it
-- and the algorithm's own figures as of `at`.
--
-- An algorithm is a table of
--   read(limit, now)      reads the state; writes nothing
--   allows(limit, cost)   whether the cost would pass
--   take(limit, cost)     adds the cost and writes
--   give(limit, cost)     removes consumption and writes; returns the whole units given back
--   rebase(limit)         writes what read() found after the clock went back
--   consumed(limit)       whole units consumed, a bucket's rounded down
--   remaining(limit)      whole units left
--   report(limit, out)    appends the figures from which the service derives all durations

-- A double represents every whole number below this.
local MAX_EXACT = 9007199254740992

-- Max units under a key: a hundred times the largest limit.
local MAX_COUNT = 100000000000

-- The test's time if there is one, else the server's; µs since 1970. Read once per script: one clock for all limits.
local function clock(override)
  if override ~= '' then
    return tonumber(override)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Sets the limit's own time. It strictly increases from charge to charge, so that a key's events have an order. If the
-- clock went back by no more than the window, the time stays ahead of it. If it went back further, its time is adopted,
-- since the key would otherwise stand still for as long as the clock was ahead.
local function advance(limit, last, now)
  if now < last - limit.window then
    limit.rebased = true
    limit.at = now
  else
    limit.at = math.max(now, last + 1)
  end
end

-- Reads with a command that fails on a foreign type; in that case it returns false and marks the limit as replaced.
local function fetch(limit, command, ...)
  local reply = redis.pcall(command, limit.key, ...)
  if type(reply) == 'table' and reply.err then
    if not string.find(reply.err, 'WRONGTYPE', 1, true) then
      return redis.call(command, limit.key, ...)
    end
    limit.replaced = true
    return false
  end
  return reply
end

-- The string under the key as numbers, by a pattern: one or two counts up to `max`, then a time. Returns nil when there
-- is no string, or when no script can have written it.
local function fetch_numbers(limit, pattern, max)
  local value = fetch(limit, 'GET')
  if not value then
    return nil
  end
  local a, b, c = string.match(value, pattern)
  a, b, c = tonumber(a), tonumber(b), tonumber(c)
  if not a or math.max(a, c and b or 0) > max or (c or b) >= MAX_EXACT then
    limit.replaced = true
    return nil
  end
  return a, b, c
end

-- The first time at which the state equals "untouched", ms since 1970, rounded up. It is after the key's own time, which
-- must be kept while the clock is behind it.
local function expiry(at, untouched_at)
  return string.format('%d', math.ceil(math.max(untouched_at, at + 1) / 1000))
end
