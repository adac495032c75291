-- sliding_window.lua: the exact log of the last window's charges.
--
-- State   list c0 t1 c1 t2 c2 … tn cn; t in µs, rising; c the running sum of units up to and including its entry, c0 the
--         sum of what was trimmed. Cutting 2k elements from the head drops k entries and leaves ck as the new c0: nothing
--         is rewritten, and every sum is one subtraction. Redis stores both numbers as integers, 16 bytes per entry.
--         The last entry may be a marker, cn = c(n−1), which stores the time of a refund and counts nothing.
-- Allows  sum of the entries with t > at − window, plus cost, ≤ capacity
-- Reports used, time of the oldest entry in the window or 0, of the newest or 0, and, when the cost does not pass, of the
--         entry after whose expiry it passes, else 0
-- Bounded for any history: entries are found by galloping and bisection (at most ~30 reads of two elements)
-- Foreign a list is foreign when any element that is read is invalid, even if its ends are valid; it then counts as
--         untouched
local sliding_window = {}

-- A whole number from 0 up to what doubles represent exactly; nil for anything else, including not-a-number.
local function log_number(text)
  local number = tonumber(text)
  if number and number >= 0 and number < MAX_EXACT and number % 1 == 0 then
    return number
  end
  return nil
end

-- Time and sum of an entry. A foreign one marks the limit and is read as 0, 0, so that every search ends.
local function log_entry(limit, i)
  local pair = redis.call('LRANGE', limit.key, 2 * i - 1, 2 * i)
  local at, sum = log_number(pair[1]), log_number(pair[2])
  if at and sum and (at <= limit.at or limit.rebased) then
    return at, sum
  end
  limit.foreign = true
  return 0, 0
end

-- The first i in lo…hi whose entry satisfies `wanted`, or hi + 1; all entries after it satisfy it too.
local function log_search(limit, lo, hi, wanted)
  local step = 1
  while lo <= hi do
    local probe = math.min(lo + step - 1, hi)
    if wanted(log_entry(limit, probe)) then
      hi = probe - 1
      break
    end
    lo = probe + 1
    step = step * 2
  end
  while lo <= hi do
    local middle = math.floor((lo + hi) / 2)
    if wanted(log_entry(limit, middle)) then
      hi = middle - 1
    else
      lo = middle + 1
    end
  end
  return lo
end

local function log_untouched(limit)
  limit.at, limit.used, limit.oldest, limit.newest = limit.now, 0, 0, 0
  limit.length, limit.dropped, limit.sum = 0, 0, 0
  limit.rebased, limit.marked, limit.leaves = false, false, nil
end

local function log_replaced(limit)
  limit.replaced = true
  log_untouched(limit)
end

-- Counts the entries with t ≤ horizon in `dropped` and sums the others.
local function log_cut(limit, horizon)
  local head = redis.call('LRANGE', limit.key, 0, 1)
  local base, oldest = log_number(head[1]), log_number(head[2])
  limit.dropped = 0
  if not base or not oldest then
    limit.foreign = true
    return
  end
  if oldest <= horizon then
    local first = log_search(limit, 2, limit.length, function(t) return t > horizon end)
    limit.dropped = first - 1
    base = select(2, log_entry(limit, limit.dropped))
    oldest = first <= limit.length and log_entry(limit, first)
  end
  limit.used = limit.sum - base
  limit.foreign = limit.foreign or limit.used < 0
    or limit.used > MAX_COUNT
    or not limit.rebased and math.max(oldest or 0, limit.last_charge) > limit.at
  limit.oldest, limit.newest = 0, 0
  if limit.used > 0 then
    limit.oldest, limit.newest = oldest, limit.last_charge
  end
end

function sliding_window.read(limit, now)
  limit.now = now
  local tail = fetch(limit, 'LRANGE', -4, -1)
  if not tail or #tail == 0 then
    log_untouched(limit)
    return
  end
  local last, sum = log_number(tail[#tail - 1]), log_number(tail[#tail])
  local before = log_number(tail[#tail - 2])
  limit.length = (redis.call('LLEN', limit.key) - 1) / 2
  if not last or not sum or not before or limit.length % 1 ~= 0 then
    log_replaced(limit)
    return
  end
  advance(limit, last, now)
  limit.sum = sum
  limit.marked = sum == before
  limit.last_charge = limit.marked and log_number(tail[#tail - 3]) or last
  -- After a rebase all entries count: every write has dropped those that were out of the window.
  log_cut(limit, limit.at - limit.window)
  if limit.foreign then
    log_replaced(limit)
  elseif limit.rebased and limit.used > 0 then
    limit.oldest, limit.newest = limit.at, limit.at
  end
end

-- The time of the entry after whose expiry the cost passes.
local function log_leaves(limit, cost)
  local enough = limit.sum - limit.capacity + cost
  local function leaves_enough(_, sum) return sum >= enough end
  return log_entry(limit, log_search(limit, limit.dropped + 1, limit.length, leaves_enough))
end

function sliding_window.allows(limit, cost)
  if limit.used + cost <= limit.capacity then
    return true
  end
  if cost <= limit.capacity and limit.rebased then
    limit.leaves = limit.at
  elseif cost <= limit.capacity then
    limit.leaves = log_leaves(limit, cost)
    if limit.foreign then
      log_replaced(limit)
      return true
    end
  end
  return false
end

local function log_expire(limit)
  redis.call('PEXPIREAT', limit.key, expiry(limit.at, limit.newest + limit.window))
end

local function log_format(number)
  return string.format('%d', number)
end

-- The counted units become one entry at the new time; if there are none, a marker.
function sliding_window.rebase(limit)
  redis.call('DEL', limit.key)
  redis.call('RPUSH', limit.key, '0', log_format(limit.at), log_format(limit.used))
  limit.length, limit.dropped, limit.sum = 1, 0, limit.used
  log_expire(limit)
end

function sliding_window.take(limit, cost)
  if limit.rebased then
    sliding_window.rebase(limit)
    -- The entry of the rebase has the same time: the cost is added to it.
    limit.marked = true
  elseif limit.replaced then
    redis.call('DEL', limit.key)
  end
  limit.sum, limit.used = limit.sum + cost, limit.used + cost
  -- The allocating write goes first: over maxmemory it fails, and then nothing has been written.
  if limit.marked then
    redis.call('LSET', limit.key, -2, log_format(limit.at))
    redis.call('LSET', limit.key, -1, log_format(limit.sum))
  elseif limit.length == 0 then
    redis.call('RPUSH', limit.key, '0', log_format(limit.at), log_format(limit.sum))
  else
    redis.call('RPUSH', limit.key, log_format(limit.at), log_format(limit.sum))
  end
  if limit.dropped > 0 then
    -- A marker that fell out of the window was overwritten by this charge.
    local dropped = math.min(limit.dropped, limit.marked and limit.length - 1 or limit.length)
    redis.call('LTRIM', limit.key, 2 * dropped, -1)
  end
  limit.newest = limit.at
  limit.oldest = limit.oldest > 0 and limit.oldest or limit.at
  log_expire(limit)
end

function sliding_window.give(limit, cost)
  local given = math.min(limit.used, cost)
  if given == 0 then
    return 0
  end
  if limit.rebased then
    sliding_window.rebase(limit)
  end
  local target = limit.sum - given
  -- The first entry whose sum exceeds the target is reduced to it; later entries are removed.
  local cut = log_search(limit, limit.dropped + 1, limit.length, function(_, sum) return sum > target end)
  local before = cut > 1 and select(2, log_entry(limit, cut - 1)) or tonumber(redis.call('LINDEX', limit.key, 0))
  if limit.foreign then
    log_replaced(limit)
    return 0
  end
  if before < target then
    limit.newest = log_entry(limit, cut)
    redis.call('LTRIM', limit.key, 2 * limit.dropped, 2 * cut)
    redis.call('LSET', limit.key, -1, log_format(target))
  else
    limit.newest = cut > limit.dropped + 1 and log_entry(limit, cut - 1) or 0
    redis.call('LTRIM', limit.key, 2 * limit.dropped, 2 * cut - 2)
  end
  redis.call('RPUSH', limit.key, log_format(limit.at), log_format(target))
  limit.used = limit.used - given
  log_expire(limit)
  return given
end

function sliding_window.consumed(limit)
  return limit.used
end

function sliding_window.remaining(limit)
  return math.max(0, limit.capacity - limit.used)
end

function sliding_window.report(limit, out)
  out[#out + 1] = limit.used
  out[#out + 1] = limit.oldest
  out[#out + 1] = limit.newest
  out[#out + 1] = limit.leaves or 0
end
