-- Claims due triggers for a session, if it is live.
-- KEYS: control
-- ARGV: the session; how many demands; for each: its queue, its limit, a priority or empty for all,
--   and a delay (a text like a time's) for those that have waited; how many jobs; the jobs; how many
--   of them have standing triggers that spawn; they; the IDs of such triggers that are known already
-- Answers {now, epoch, requests, next due or false, rows claimed, {row, children...} of those that
--   spawn, IDs whose row is missing}.
-- include: clock, tables, lanes, jobs

local session = ARGV[1]
local demands = {}
local at = 3
for i = 1, tonumber(ARGV[2]) do
  demands[i] = {
    queue = ARGV[at], limit = tonumber(ARGV[at + 1]), priority = ARGV[at + 2], waited = ARGV[at + 3]
  }
  at = at + 4
end
local jobs, spawning, known = {}, {}, {}
local last_job = at + tonumber(ARGV[at])
for i = at + 1, last_job do
  jobs[ARGV[i]] = true
end
local last_spawning = last_job + 1 + tonumber(ARGV[last_job + 1])
for i = last_job + 2, last_spawning do
  spawning[ARGV[i]] = true
end
for i = last_spawning + 1, #ARGV do
  known[ARGV[i]] = true
end

local claimed, spawners, missing = {}, {}, {}

local function is_meant(job)
  return jobs[job]
end

local function claim(row)
  row.state = 'RUNNING'
  row.version = beyond(row.version)
  row.attempt = plus(row.attempt, 1)
  row.owner = session
  row.claimed = now
end

local function take(lane, cursor)
  local row = find(cursor.id)
  if not row then
    missing[#missing + 1] = cursor.id
    drop_member(lane, cursor)
    return false
  end
  if not may_run(row) or known[row.id] then
    return false -- an earlier demand had it, or an earlier part told of it
  end
  if row.kind == 'STANDING' and spawning[row.job] then
    spawners[row.id] = row
  else
    change(row, claim)
    claimed[#claimed + 1] = row
  end
  return true
end

local function walk(demand, priority, limit)
  local lane = priority .. '\n' .. demand.queue
  local till = demand.priority == '' and now or earlier(now, demand.waited)
  return each_due(lane, till, is_meant, limit, function(cursor)
    return take(lane, cursor)
  end)
end

local epoch, requests = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'requests'))
whatever_the_memory()
if is_live(session) then
  for _, demand in ipairs(demands) do
    local wanted = demand.limit
    for _, priority in ipairs(demand.priority == '' and HIGHEST_FIRST or { demand.priority }) do
      if wanted > 0 then
        wanted = wanted - walk(demand, priority, wanted)
      end
    end
  end
  if #claimed > 0 then
    redis.call('SADD', P .. 'owners', session)
  end
  flush()
end

local next_due
local function maybe_next(due)
  if due and (not next_due or due < next_due) then
    next_due = due
  end
end

for _, demand in ipairs(demands) do
  for _, priority in ipairs(HIGHEST_FIRST) do
    local lane = priority .. '\n' .. demand.queue
    for _, job in ipairs(jobs_due(lane, now)) do
      maybe_next(first_after(P .. 'lane:' .. lane .. '\n' .. job, now))
    end
    local later_heads = redis.call(
      'ZRANGEBYSCORE', P .. 'heads:' .. lane, '(' .. score(now), '+inf', 'WITHSCORES', 'LIMIT', 0,
      PAGE)
    for i = 1, #later_heads, 2 do
      if later_heads[i + 1] ~= later_heads[2] then
        break -- the others' first are due in a later millisecond
      end
      maybe_next(first_after(P .. 'lane:' .. lane .. '\n' .. later_heads[i], now))
    end
  end
end

local claims, spawns = {}, {}
for i, row in ipairs(claimed) do
  claims[i] = reply(row)
end
for id, row in pairs(spawners) do
  spawns[#spawns + 1] = reply(row)
  spawns[#spawns + 1] = redis.call('HLEN', P .. 'children:' .. id)
end
return { now, epoch or '0', requests or '0', next_due or false, claims, spawns, missing }
