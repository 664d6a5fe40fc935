-- Opens a session, with the jobs that it knows, and settles these.
-- KEYS: control
-- ARGV: id, node, application version, queues (apart by line feeds); for each job: its name, the
--   hash of what is declared of it, queue, priority, schedule ('=' before it, or empty)
-- Answers 1; 0 if the id is in use.
-- include: clock, tables, transitions, jobs

local EACH = 5

local id = ARGV[1]
if redis.call('EXISTS', P .. 's:' .. id) == 1 then
  return 0
end
whatever_the_memory()
redis.call(
  'HSET', P .. 's:' .. id, 'node', ARGV[2], 'application', ARGV[3], 'queues', ARGV[4], 'live', '1',
  'beat', '0', 'workers', '0', 'running', '0', 'started', now)
redis.call('ZADD', P .. 'sessions', score(now), id)
redis.call('SADD', P .. 'live', id)

local function first_seen(key)
  local first = now
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 2) == 'd:' then
      local after = later(declaration(fields[i + 1]).first, '000000000000000001')
      if after > first then
        first = after
      end
    end
  end
  return first
end

local jobs = {}
for at = 5, #ARGV, EACH do
  local job, hash, queue, priority, schedule = unpack(ARGV, at, at + EACH - 1)
  local key = P .. 'j:' .. job
  jobs[#jobs + 1] = job
  redis.call('ZADD', P .. 'jobs', 0, job)
  redis.call('HSET', P .. 'knows:' .. id, job, hash)
  if redis.call('HEXISTS', key, 'd:' .. hash) == 0 then
    local text = table.concat({ first_seen(key), priority, queue, schedule }, '\n')
    redis.call('HSET', key, 'd:' .. hash, text)
  end
end
settle(jobs)
raise('epoch')
flush()
return 1
