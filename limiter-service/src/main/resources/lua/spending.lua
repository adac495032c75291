-- spending.lua: the part of a check that may wait or be settled, or whose bucket may have a debt above the capacity for its
-- priority. All other checks run a script without it.
--
-- KEYS    after those of check.lua, for a check that can be settled, the key of its record, then for each bucket the key of
--         its tally (charge.lua)
-- ARGV    after those of check.lua, for each limit ceiling (units), max wait (µs); then, for a check that can be settled,
--         time to keep the record (ms), the text to keep
-- Record  string: for each limit 0 if it was not charged, else the key's own time (µs) and, of a bucket, after colons the debt
--         after the charge (millionths of a unit) and the tally, separated by blanks; a line feed; the text
local spending = {}

-- Two arguments before the limits', seven for each limit, then none or two.
spending.limits = math.floor((#ARGV - 2) / 7)

function spending.read(limit, i, now)
  local arg = 5 * spending.limits + 2 * i + 1
  limit.ceiling = tonumber(ARGV[arg])
  limit.latest = now + tonumber(ARGV[arg + 1])
end

-- The tally of a bucket as text. It is kept for 2 h from now, and a record that refers to it for at most 1 h.
local function tally_of(key, now)
  local tally = fetch({key = key}, 'GET')
  if not tally then
    return '0'
  end
  redis.call('PEXPIREAT', key, string.format('%d', math.ceil(now / 1000) + 7200000))
  return string.match(tally, '^%d+$') or '0'
end

function spending.record(limits, now)
  local arg = 7 * spending.limits + 3
  if not ARGV[arg] then
    return
  end
  local charged, tally = {}, #limits + 1
  for i = 1, #limits do
    local limit = limits[i]
    charged[i] = limit.allowed and string.format('%d', limit.at) or '0'
    if limit.debt then
      tally = tally + 1
    end
    if limit.allowed and limit.debt then
      charged[i] = charged[i] .. string.format(':%d:', limit.debt) .. tally_of(KEYS[tally], now)
    end
  end
  redis.call('SET', KEYS[#limits + 1], table.concat(charged, ' ') .. '\n' .. ARGV[arg + 1],
    'PXAT', string.format('%d', math.ceil(now / 1000) + tonumber(ARGV[arg])))
end
