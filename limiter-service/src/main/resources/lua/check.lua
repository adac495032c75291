-- check.lua: evaluates all limits of a check and charges them, all or nothing.
--
-- KEYS    one key per limit
-- ARGV    cost (units; 0 evaluates without taking), now (µs since 1970, empty: the server's clock), then for each limit
--         algorithm (tb, fw, sl, sc), limit (units), window (s), capacity (units), mode (enforce, shadow)
--         With spending.lua, further keys and arguments follow.
-- Result  now, then for each limit flags, at (µs), and what its algorithm reports
--         flags: 1 allowed + 2 charged + 4 rebased + 8 replaced
-- Holds   if an enforcing limit blocks, nothing is charged, and nothing is written except a rebase (which every check of
--         a blocked client would otherwise repeat). A check of cost 0 writes nothing at all: it is not published, and a
--         key's events must contain every rebase. A shadow limit is charged when the check is allowed and it allows; it
--         changes nothing else.
local cost = tonumber(ARGV[1])
local now = clock(ARGV[2])
-- A check of cost 0 evaluates whether one unit would pass.
local evaluated = math.max(cost, 1)
local limits = {}
local allowed = true

for i = 1, spending and spending.limits or #KEYS do
  local arg = 5 * i - 2
  local seconds = tonumber(ARGV[arg + 2])
  local limit = {
    key = KEYS[i],
    algorithm = algorithms[ARGV[arg]],
    limit = tonumber(ARGV[arg + 1]),
    seconds = seconds,
    window = seconds * 1000000,
    capacity = tonumber(ARGV[arg + 3]),
  }
  limits[i] = limit
  if spending then
    spending.read(limit, i, now)
  end
  limit.algorithm.read(limit, now)
  limit.allowed = limit.algorithm.allows(limit, evaluated)
  allowed = allowed and (limit.allowed or ARGV[arg + 4] == 'shadow')
end

local out = {now}
for i = 1, #limits do
  local limit = limits[i]
  local flags = limit.allowed and 1 or 0
  if allowed and limit.allowed and cost > 0 then
    limit.algorithm.take(limit, cost)
    flags = flags + 2
  elseif limit.rebased and cost > 0 then
    limit.algorithm.rebase(limit)
  end
  if limit.rebased then
    flags = flags + 4
  end
  if limit.replaced then
    flags = flags + 8
  end
  out[#out + 1] = flags
  out[#out + 1] = limit.at
  limit.algorithm.report(limit, out)
end
if spending and allowed and cost > 0 then
  spending.record(limits, now)
end
return out
