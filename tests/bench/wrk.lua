-- Asks as nginx does, with the keys of the file named by TOKENS in turn; prints one JSON object at the end.
local requests = {}
local next_request = 0

function init()
  for token in io.lines(os.getenv('TOKENS')) do
    requests[#requests + 1] = wrk.format('GET', '/verify/nginx', {
      ['Host'] = 'verifier',
      ['Authorization'] = 'Bearer ' .. token,
      ['Gatehouse-Secret'] = os.getenv('GATEWAY_SECRET'),
      ['X-Original-Method'] = 'GET',
      ['X-Original-URI'] = '/parcels/v2/parcels/4711',
      ['X-Forwarded-For'] = '203.0.113.9',
    })
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('{"requests":%d,"failed":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f}\n',
    summary.requests, failed, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
