-- Jobs, by name.
-- KEYS: control
-- ARGV: the name to begin after ('(' before it), or '-'; how many at most
-- Answers for each: its name, what is in force (first seen, priority, queue, schedule, or false
--   four times), what is current (likewise), the override or false, whether it is paused, how many
--   live sessions know it.
-- include: clock, tables, transitions, jobs

local answers = {}
local live = live_sessions()
local jobs = redis.call('ZRANGEBYLEX', P .. 'jobs', ARGV[1], '+', 'LIMIT', 0, ARGV[2])
local hashes = declared(jobs, live)
for i, job in ipairs(jobs) do
  local known = 0
  for _, session in ipairs(live) do
    known = known + redis.call('HEXISTS', P .. 'knows:' .. session, job)
  end
  local row = redis.call(
    'HMGET', P .. 'j:' .. job, 'first', 'priority', 'queue', 'schedule', 'override', 'paused')
  local _, now_current = current(job, hashes[job])
  local c = now_current or { first = false, priority = false, queue = false, schedule = false }
  answers[i] = {
    job, row[1], row[2], row[3], row[4], c.first, c.priority, c.queue, c.schedule, row[5], row[6],
    known
  }
end
return answers
