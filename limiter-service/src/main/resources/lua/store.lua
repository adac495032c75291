-- store.lua: what every script of this folder shares; the first part of each.
--
-- A script is this file, then the algorithms that it needs, then one frame (check.lua, refund.lua or reset.lua).
-- Every number is a whole number below 2^53, so Lua's doubles hold it exactly. To text they go with %d, which writes all
-- digits (`..` keeps 14) and costs half of what %.0f does; never straight to redis.call, which may write 1.8e+12.
--
-- A limit is a table with
--   key       the store key; all keys of one script share a hash tag, so one slot
--   limit     units per window
--   seconds   length of the window, s
--   window    length of the window, µs
--   capacity  largest cost that can pass at once, units
-- to which an algorithm's read() adds
--   at        the key's own time, µs since 1970
--   rebased   true when that time was set back, because the clock went back by more than the window
--   replaced  true when something foreign stands under the key: it counts as untouched, the next write replaces it
-- and the algorithm's own figures as of `at`.
--
-- An algorithm is a table of
--   read(limit, now)      looks; writes nothing
--   allows(limit, cost)   whether the cost would pass
--   take(limit, cost)     counts the cost and writes
--   give(limit, cost)     takes consumption back and writes; returns the whole units given back
--   rebase(limit)         writes what read() found after the clock went back
--   consumed(limit)       whole units consumed, a bucket's rounded down
--   remaining(limit)      whole units left
--   tell(limit, out)      appends the figures from which the service derives all durations

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

-- Gives the limit its own time. From charge to charge it rises strictly, so a key's events order themselves. A clock
-- that went back by no more than the window is waited for; further back it is believed, else the key would stand still
-- for as long as the clock was ahead.
local function advance(limit, last, now)
  if now < last - limit.window then
    limit.rebased = true
    limit.at = now
  else
    limit.at = math.max(now, last + 1)
  end
end

-- Reads with a command that fails on a foreign type; then, and only then, the answer is false and the limit marked.
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

-- The string under the key as numbers, by a pattern: one or two counts up to `max`, then a time. Returns nothing when
-- there is no string, or when a script of ours cannot have written it.
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

-- Milliseconds since 1970 of the first moment at which the state equals "untouched": rounded up, and after the key's
-- own time, which must not be forgotten while the clock is behind it.
local function expiry(at, untouched_at)
  return string.format('%d', math.ceil(math.max(untouched_at, at + 1) / 1000))
end
