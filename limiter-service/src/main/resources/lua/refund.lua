-- refund.lua: gives units back to all limits of a client and limit key, never beyond the limit.
--
-- KEYS    one key per limit; then, where the refund has an id, the key under which it is remembered
-- ARGV    cost (units, at least 1), now (µs since 1970, empty: the server's clock), time to remember the id (s), then
--         for each limit algorithm, limit (units), window (s), capacity (units), ceiling (units), rule id
-- Result  applied (1; 0 when the id was known: then all else is the first answer), now, then for each limit
--         rule id, at (µs), rebased (0, 1), given back (whole units, rounded down), remaining (units)
-- Holds   one id is applied once; only units consumed in the current window are given back
local cost = tonumber(ARGV[1])
local now = clock(ARGV[2])
local count = (#ARGV - 3) / 6
local remembered = KEYS[count + 1]

if remembered then
  local known = fetch({key = remembered}, 'GET')
  if known then
    local answer = {0}
    for number in string.gmatch(known, '%d+') do
      answer[#answer + 1] = tonumber(number)
    end
    -- Applied and now, then five numbers per limit; anything else is foreign, and the refund counts as new.
    if #answer % 5 == 2 then
      return answer
    end
  end
end

local out = {now}
for i = 1, count do
  local arg = 6 * i - 2
  local seconds = tonumber(ARGV[arg + 2])
  local limit = {
    key = KEYS[i],
    limit = tonumber(ARGV[arg + 1]),
    seconds = seconds,
    window = seconds * 1000000,
    capacity = tonumber(ARGV[arg + 3]),
    ceiling = tonumber(ARGV[arg + 4]),
  }
  local algorithm = algorithms[ARGV[arg]]
  algorithm.read(limit, now)
  local given = algorithm.give(limit, cost)
  if given == 0 and limit.rebased then
    algorithm.rebase(limit)
  end
  out[#out + 1] = tonumber(ARGV[arg + 5])
  out[#out + 1] = limit.at
  out[#out + 1] = limit.rebased and 1 or 0
  out[#out + 1] = given
  out[#out + 1] = algorithm.remaining(limit)
end

if remembered then
  local numbers = {}
  for i = 1, #out do
    numbers[i] = string.format('%d', out[i])
  end
  redis.call('SET', remembered, table.concat(numbers, ' '),
    'PXAT', string.format('%d', math.ceil(now / 1000) + tonumber(ARGV[3]) * 1000))
end
table.insert(out, 1, 1)
return out
