-- Checks a request with the limiter, for which HAProxy has no built-in filter.

-- The address of "listen limiter" in haproxy.cfg.
local limiter = "http://127.0.0.1:8081"
local check = "/v1/authz?client_header=X-Real-IP&ipv6_prefix=64&key=path&uri_header=X-Original-URI"

local function first(response, name)
  local values = response.headers and response.headers[name]
  return values and values[0]
end

local function refuse(txn, status, detail, response)
  local reply = txn:reply { status = status }
  reply:add_header("Content-Type", "application/problem+json")
  for _, name in ipairs { "RateLimit-Policy", "RateLimit", "Retry-After", "X-Correlation-ID" } do
    local value = first(response, name:lower())
    if value then
      reply:add_header(name, value)
    end
  end
  if status == 503 and not first(response, "retry-after") then
    reply:add_header("Retry-After", "1")
  end
  reply:set_body(('{"type":"about:blank","status":%d,"detail":"%s"}'):format(status, detail))
  txn:done(reply)
end

core.register_action("limit", { "http-req" }, function(txn, away)
  -- Sends only the address and the URI of the caller.
  local response = core.httpclient():get {
    url = limiter .. check,
    headers = {
      ["x-real-ip"] = { txn.sf:src() },
      ["x-original-uri"] = { txn.sf:pathq() },
    },
  }
  local status = response and response.status or 0
  local limited = first(response, "x-correlation-id")
  if status == 200 then
    txn:set_var("txn.limit_policy", first(response, "ratelimit-policy"))
    txn:set_var("txn.limit_state", first(response, "ratelimit"))
    txn:set_var("txn.limit_correlation", limited)
  elseif status == 429 then
    refuse(txn, 429, "the limit is used up", response)
  elseif status >= 400 and status < 500 then
    refuse(txn, 400, "the limit of this request is not clear", response)
  elseif limited or away ~= "open" then
    refuse(txn, 503, "the limit cannot be checked", response)
  end
end, 1)
