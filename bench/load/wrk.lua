-- wrk -s wrk.lua URL -- [post=BYTES] [fresh=yes] [rate=PER_SECOND turn=NUMBER of=COUNT ms=LENGTH]
--
-- With a rate, requests are due at equal distances; a connection that is free takes the next one, and one that is
-- overdue begins at once. Turns divide the machine's time between several of these: each asks only in its own ones,
-- and forgets at the end of a turn what it could not begin.

local ffi = require('ffi')
ffi.cdef('typedef struct { long s; long ns; } moment; int clock_gettime(int, moment*);')
local MONOTONIC = 1
local moment = ffi.new('moment')

local function now_ms()
  ffi.C.clock_gettime(MONOTONIC, moment)
  return tonumber(moment.s) * 1000 + tonumber(moment.ns) / 1000000
end

local function begin_at_rate(per_second, turn, of, length)
  local round = length * of
  local ends = (math.floor(now_ms() / round) - 1) * round + (turn + 1) * length
  local due = ends
  -- wrk asks for it whenever a connection is free: in how many whole milliseconds may it begin the next request?
  function delay()
    local now = now_ms()
    due = due + 1000 / per_second
    if due >= ends or now >= ends then
      repeat ends = ends + round until ends > now
      due = math.max(now, ends - length)
    end
    return math.max(0, math.floor(due - now + 0.5))
  end
end

function init(words)
  local said = {}
  for _, word in ipairs(words) do
    local name, value = word:match('^(%w+)=(%w+)$')
    said[name] = tonumber(value) or value
  end
  if said.post then wrk.method, wrk.body = 'POST', string.rep('x', said.post) end
  if said.fresh then wrk.headers['Connection'] = 'close' end
  if said.rate then begin_at_rate(said.rate, said.turn, said.of, said.ms) end
end

function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('\nRESULT {"done":%d,"micros":%d,"failed":%d,"p50":%d,"p99":%d,"p999":%d}\n',
    summary.requests, summary.duration, failed,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
