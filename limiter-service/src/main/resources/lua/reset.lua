-- reset.lua: removes what a client has consumed on a limit key.
--
-- KEYS    one key per limit
-- ARGV    now (µs since 1970, empty: the server's clock), then for each limit algorithm, limit (units), window (s),
--         capacity (units), ceiling (units), rule id
-- Result  1, now, then for each limit rule id, at (µs), rebased (0, 1), given back (whole units, rounded down),
--         remaining (units): the shape of refund.lua's
-- Holds   afterwards every limit is untouched. The key's own time is deleted too; if it was ahead of the clock, the next
--         charge precedes the deleted ones, which is reported as rebased.
local now = clock(ARGV[1])
local out = {1, now}
for i = 1, #KEYS do
  local arg = 6 * i - 4
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
  redis.call('DEL', limit.key)
  out[#out + 1] = tonumber(ARGV[arg + 5])
  out[#out + 1] = limit.at
  out[#out + 1] = (limit.rebased or limit.at > now) and 1 or 0
  out[#out + 1] = algorithm.consumed(limit)
  out[#out + 1] = limit.capacity
end
return out
