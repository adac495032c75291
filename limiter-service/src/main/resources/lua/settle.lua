-- settle.lua: replaces the estimated cost of a decision by what it really cost, on the limits that it was charged on.
--
-- KEYS    the decision's record (spending.lua), then the key of each limit that was charged, then for each bucket among
--         them the key of its tally (charge.lua)
-- ARGV    estimated cost (units), cost (units), now (µs since 1970, empty: the server's clock), then for each limit
--         algorithm, limit (units), window (s), capacity (units), ceiling (units), overdraft (units)
--         of the rule in force, limit of the rule at the check (units per window)
-- Result  empty when there is no record; else applied (1; 0 when the decision was settled before: then all else is the
--         first answer), cost, now, then for each limit at (µs), rebased (0, 1), given back, taken, uncharged, remaining
--         (whole units)
-- Record  gets a third line, the numbers of the answer, and keeps its expiry
-- Holds   a decision is settled once; what is given back is part of its own charge and still counts (charge.lua); nothing
--         is charged beyond capacity + overdraft
local estimate = tonumber(ARGV[1])
local cost = tonumber(ARGV[2])
local now = clock(ARGV[3])
local count = (#ARGV - 3) / 7

local record = fetch({key = KEYS[1]}, 'GET')
if not record then
  return {}
end
local settled = string.match(record, '^[%d: ]+\n[^\n]*\n([%d ]+)$')
if settled then
  local answer = {0}
  for number in string.gmatch(settled, '%d+') do
    answer[#answer + 1] = tonumber(number)
  end
  -- Any other length is foreign, and the decision counts as unsettled.
  if #answer == 6 * count + 3 then
    return answer
  end
end

-- The charges, in the order of their keys.
local charges = {}
local tally = count + 1
for at, debt, given in string.gmatch(string.match(record, '^[%d: ]*'), '(%d+):?(%d*):?(%d*)') do
  if at ~= '0' then
    local charge = {
      at = tonumber(at), cost = estimate, debt = tonumber(debt) or 0, given = tonumber(given) or 0,
    }
    if ARGV[7 * #charges + 4] == 'tb' then
      tally = tally + 1
      charge.tally = KEYS[tally]
    end
    charges[#charges + 1] = charge
  end
end

-- Whole units that can be charged up to the capacity and the overdraft.
local function room(limit, algorithm, overdraft)
  return algorithm.remaining({
    capacity = limit.capacity + overdraft, debt = limit.debt, used = limit.used, previous = limit.previous,
    current = limit.current, at = limit.at, window = limit.window, seconds = limit.seconds,
  })
end

local out = {cost, now}
for i = 2, count + 1 do
  local arg = 7 * i - 10
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
  local charge = charges[i - 1]
  charge.limit = tonumber(ARGV[arg + 6])
  local given, taken = 0, 0
  if cost < estimate then
    if not limit.rebased and charge.at <= limit.at then
      given = give_of[ARGV[arg]](limit, charge, estimate - cost, now)
    end
  elseif cost > estimate then
    taken = math.min(cost - estimate, room(limit, algorithm, tonumber(ARGV[arg + 5])))
  end
  if taken > 0 then
    algorithm.take(limit, taken)
  elseif given == 0 and limit.rebased then
    algorithm.rebase(limit)
  end
  out[#out + 1] = limit.at
  out[#out + 1] = limit.rebased and 1 or 0
  out[#out + 1] = given
  out[#out + 1] = taken
  out[#out + 1] = math.max(0, cost - estimate - taken)
  out[#out + 1] = algorithm.remaining(limit)
end

local numbers = {}
for i = 1, #out do
  numbers[i] = string.format('%d', out[i])
end
redis.call('SET', KEYS[1], string.match(record, '^[^\n]*\n[^\n]*') .. '\n' .. table.concat(numbers, ' '), 'KEEPTTL')
table.insert(out, 1, 1)
return out
