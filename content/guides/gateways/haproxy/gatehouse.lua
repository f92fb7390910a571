-- Asks the Gatehouse verifier before a call is passed on. Loaded with lua-load-per-thread; used as
-- "http-request lua.gatehouse". Needs HAProxy 2.6 or later with Lua, as Debian and Ubuntu build it.

local verifier = os.getenv('GATEHOUSE_VERIFIER') or '127.0.0.1:4322'
local secret = os.getenv('GATEWAY_SECRET') or ''

local IDENTITY = {
  'gatehouse-key-id', 'gatehouse-application-id', 'gatehouse-team-id', 'gatehouse-environment', 'gatehouse-api',
  'gatehouse-version', 'gatehouse-operation', 'gatehouse-plan', 'gatehouse-scopes',
}
local FOR_CALLER = {
  'ratelimit', 'ratelimit-policy', 'deprecation', 'sunset', 'link', 'gatehouse-key-expires', 'gatehouse-policy-warning',
}
local OF_REFUSAL = { 'content-type', 'www-authenticate', 'retry-after', 'ratelimit', 'ratelimit-policy', 'cache-control' }

local UNAVAILABLE = '{"type":"about:blank","title":"Verification unavailable","status":503,'
  .. '"detail":"The key could not be verified just now, so the call was refused. Try again in a moment.",'
  .. '"code":"unavailable"}'

-- All lines of a request header: two credentials that differ must both reach the verifier.
local function lines(headers, name)
  local found = {}
  for _, value in pairs(headers[name] or {}) do found[#found + 1] = value end
  return #found > 0 and found or nil
end

local function first(headers, name)
  local values = headers[name]
  return values and (values[0] or values[1]) or ''
end

local function refuse(txn, status, body, headers)
  local reply = txn:reply({ status = status })
  for name, value in pairs(headers) do reply:add_header(name, value) end
  reply:set_body(body)
  txn:done(reply)
end

core.register_action('gatehouse', { 'http-req' }, function(txn)
  local received = txn.http:req_get_headers()
  local forwarded = lines(received, 'x-forwarded-for') or {}
  forwarded[#forwarded + 1] = txn.f:src()
  local question = {
    host = { verifier },
    ['gatehouse-secret'] = { secret },
    ['x-original-method'] = { txn.f:method() },
    ['x-original-uri'] = { txn.f:pathq() },
    ['x-forwarded-for'] = { table.concat(forwarded, ', ') },
    authorization = lines(received, 'authorization'),
    ['x-api-key'] = lines(received, 'x-api-key'),
    origin = lines(received, 'origin'),
    referer = lines(received, 'referer'),
  }
  local asked, answer = pcall(function()
    return core.httpclient():get({ url = 'http://' .. verifier .. '/verify/haproxy', headers = question, timeout = 2000 })
  end)
  if not asked or not answer or answer.status == 0 or answer.status >= 500 then
    return refuse(txn, 503, UNAVAILABLE, { ['content-type'] = 'application/problem+json', ['retry-after'] = '1' })
  end
  if answer.status ~= 200 then
    local headers = {}
    for _, name in ipairs(OF_REFUSAL) do
      local value = first(answer.headers, name)
      if value ~= '' then headers[name] = value end
    end
    return refuse(txn, answer.status, answer.body or '', headers)
  end

  -- Only the verifier says who calls: whatever the caller sent under these names, in any spelling, is gone.
  for name in pairs(received) do
    if string.gsub(string.lower(name), '[_.]', '-'):find('^gatehouse%-') then txn.http:req_del_header(name) end
  end
  for _, name in ipairs(IDENTITY) do txn.http:req_set_header(name, first(answer.headers, name)) end
  txn.http:req_del_header('authorization')
  txn.http:req_del_header('x-api-key')
  txn.http:req_set_header('x-forwarded-for', table.concat(forwarded, ', '))
  for _, name in ipairs(FOR_CALLER) do
    txn:set_var('txn.' .. name:gsub('-', '_'), first(answer.headers, name))
  end
end)
