-- sliding_window_counter.lua: two counters that approximate a sliding window.
--
-- State   string "previous:current:at"; units, units, µs. The windows are those of fixed_window.
-- Allows  estimate + cost ≤ capacity; estimate = ⌈previous × part of the previous window still covered⌉ + current
-- Reports previous, current
-- Exact   with t = window left in µs = s·10^6 + u, ⌈previous·t/window⌉ = a + ⌈(b + ⌈previous·u/10^6⌉)/W⌉ where
--         previous·s = a·W + b and W the window in seconds: the nested ⌈ ⌉ change nothing, and nothing reaches 2^53.
-- Source  the approximation published by Cloudflare ("How we built rate limiting capable of scaling to millions of
--         domains"), but rounded up, so that it never underestimates
local sliding_window_counter = {}

local function counter_covered(limit, count, left)
  local whole = math.floor(left / 1000000)
  local product = count * whole
  return math.floor(product / limit.seconds)
    + math.ceil((product % limit.seconds + math.ceil(count * (left % 1000000) / 1000000)) / limit.seconds)
end

local function counter_estimate(limit)
  return counter_covered(limit, limit.previous, limit.window - limit.at % limit.window) + limit.current
end

local function counter_write(limit)
  local window_end = limit.at - limit.at % limit.window + limit.window
  local untouched_at = window_end
  if limit.current > 0 then
    untouched_at = window_end + limit.window
  end
  redis.call('SET', limit.key, string.format('%d:%d:%d', limit.previous, limit.current, limit.at),
    'PXAT', expiry(limit.at, untouched_at))
end

-- Adapts the counters after the clock went back. If it went to an earlier part of a window, they stay: more of the
-- previous window is covered, for at most a window. If it went to a later part, less would be covered and the difference
-- granted twice, so the complete estimate moves into the current window.
local function counter_rebase(limit, last)
  if limit.at % limit.window > last % limit.window then
    limit.current = counter_covered(limit, limit.previous, limit.window - last % limit.window) + limit.current
    limit.previous = 0
  end
end

function sliding_window_counter.read(limit, now)
  local previous, current, last = fetch_numbers(limit, '^(%d+):(%d+):(%d+)$', MAX_COUNT)
  if not previous then
    limit.previous, limit.current, limit.at = 0, 0, now
    return
  end
  advance(limit, last, now)
  limit.previous, limit.current = previous, current
  if limit.rebased then
    counter_rebase(limit, last)
    return
  end
  local passed = math.floor(limit.at / limit.window) - math.floor(last / limit.window)
  if passed == 1 then
    limit.previous, limit.current = current, 0
  elseif passed > 1 then
    limit.previous, limit.current = 0, 0
  end
end

function sliding_window_counter.allows(limit, cost)
  return counter_estimate(limit) + cost <= limit.capacity
end

function sliding_window_counter.take(limit, cost)
  limit.current = limit.current + cost
  counter_write(limit)
end

function sliding_window_counter.give(limit, cost)
  local given = math.min(limit.current, cost)
  if given > 0 then
    limit.current = limit.current - given
    counter_write(limit)
  end
  return given
end

sliding_window_counter.rebase = counter_write

function sliding_window_counter.consumed(limit)
  return counter_estimate(limit)
end

function sliding_window_counter.remaining(limit)
  return math.max(0, limit.capacity - counter_estimate(limit))
end

function sliding_window_counter.report(limit, out)
  out[#out + 1] = limit.previous
  out[#out + 1] = limit.current
end
