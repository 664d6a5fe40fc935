-- Jobs and sessions.
--
--   control      hash: epoch, requests (the counter)
--   sessions     sorted set: all sessions, by when they started
--   live         set: those that are live
--   s:SESSION    hash: node, application, queues, live, beat, workers, running, started, dead
--   knows:SESSION hash: job -> the hash of its declaration
--   jobs         sorted set of all jobs' names, score 0
--   j:JOB        hash: in_force (a declaration's hash), queue, priority, schedule, first, override,
--                paused, and each declaration that was ever seen, as d:HASH
--   paused       set: queues that are out of service

local function is_live(session)
  return redis.call('HGET', P .. 's:' .. session, 'live') == '1'
end

local function live_sessions()
  local live = {}
  for _, session in ipairs(redis.call('SMEMBERS', P .. 'live')) do
    if is_live(session) then
      live[#live + 1] = session
    end
  end
  return live
end

local function is_known(job)
  for _, session in ipairs(live_sessions()) do
    if redis.call('HEXISTS', P .. 'knows:' .. session, job) == 1 then
      return true
    end
  end
  return false
end

local function raise(counter)
  redis.call('HSET', KEYS[1], counter, beyond(redis.call('HGET', KEYS[1], counter) or '0'))
end

local function job_is_there(job)
  return redis.call('ZSCORE', P .. 'jobs', job) ~= false
end

local function job_is_paused(job)
  return redis.call('HGET', P .. 'j:' .. job, 'paused') == '1'
end

-- A declaration as a job's hash keeps it: when it was first seen, its priority, its queue and its
-- schedule, apart by line feeds.
local function declaration(text)
  local first, priority, queue, schedule = string.match(text, '^(%d+)\n(%u+)\n([^\n]*)\n(.*)$')
  return { first = first, priority = priority, queue = queue, schedule = schedule }
end

-- What live sessions declare: of each of these jobs a set of declarations' hashes.
local function declared(jobs, live)
  local hashes = {}
  for _, job in ipairs(jobs) do
    hashes[job] = {}
  end
  for _, session in ipairs(live) do
    for from = 1, #jobs, CALL do
      local till = math.min(from + CALL - 1, #jobs)
      local theirs = redis.call('HMGET', P .. 'knows:' .. session, unpack(jobs, from, till))
      for i = from, till do
        local hash = theirs[i - from + 1]
        if hash then
          hashes[jobs[i]][hash] = true
        end
      end
    end
  end
  return hashes
end

-- The hash of the declaration that is current among those of a job, and it; nil if there is none.
local function current(job, hashes)
  local hash, best
  for other_hash in pairs(hashes) do
    local seen = redis.call('HGET', P .. 'j:' .. job, 'd:' .. other_hash)
    local other = seen and declaration(seen)
    if other and (not best or other.first > best.first) then
      hash, best = other_hash, other
    end
  end
  return hash, best
end

local function put_in_force(job, hash, declared)
  local key = P .. 'j:' .. job
  redis.call(
    'HSET', key, 'in_force', hash, 'queue', declared.queue, 'priority', declared.priority,
    'schedule', declared.schedule, 'first', declared.first)
  local standing = named(job, '$standing')
  if standing and standing.kind == 'STANDING'
      and (standing.queue ~= declared.queue or standing.priority ~= declared.priority) then
    change(standing, move, declared.queue, declared.priority)
  end
end

-- Puts the jobs' current declarations in force, and moves their declared standing triggers.
local function settle(jobs)
  local hashes = declared(jobs, live_sessions())
  for _, job in ipairs(jobs) do
    local hash, declared_now = current(job, hashes[job])
    if hash then
      put_in_force(job, hash, declared_now)
    end
  end
end
