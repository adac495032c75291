-- waiting.lua: lets a token bucket charge a check that starts later, in the scripts of checks that may wait.
--
-- Allows  also a debt above the capacity, if it falls to the capacity no later than limit.latest (µs since 1970)
-- Exact   the wait is drain(debt + cost − capacity), from which the service computes it too
function token_bucket.allows(limit, cost)
  local above = limit.debt + (cost - limit.capacity) * MILLIONTHS
  return above <= 0
    or cost <= limit.capacity and limit.at + bucket_drain(limit, above) <= limit.latest
end
