-- Calls an API through a gateway, with the keys of the file named by TOKENS in turn; prints one JSON object at the end.
local requests = {}
local next_request = 0

function init()
  for token in io.lines(os.getenv('TOKENS')) do
    requests[#requests + 1] = wrk.format('GET', '/parcels/v2/parcels/4711', {
      ['Host'] = 'api.example.com',
      ['X-API-Key'] = token,
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
