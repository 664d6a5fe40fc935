-- Deletes triggers of a job, and when none is left, the job with its declarations.
-- KEYS: control
-- ARGV: the job; how many triggers at most
-- Answers DELETED, MORE, UNKNOWN, LIVE or RUNNING.
-- include: clock, tables, jobs

local job, limit = ARGV[1], tonumber(ARGV[2])
if not job_is_there(job) then
  return 'UNKNOWN'
end
if is_known(job) then
  return 'LIVE'
end
for _, owner in ipairs(redis.call('SMEMBERS', P .. 'owners')) do
  for _, id in ipairs(redis.call('ZRANGE', P .. 'running:' .. owner, 0, -1)) do
    local row = find(id)
    if row and row.job == job then
      return 'RUNNING'
    end
  end
end
local key = P .. 'job:' .. job
local members = redis.call('ZRANGE', key, 0, limit)
for i = 1, math.min(limit, #members) do
  local row = find(string.sub(members[i], 4))
  if row then
    remove(row)
  else
    note(key, members[i]) -- evicted
  end
end
flush()
if #members > limit then
  return 'MORE'
end
redis.call('ZREM', P .. 'jobs', job)
redis.call('ZREM', P .. 'names', job)
redis.call('DEL', P .. 'j:' .. job)
raise('epoch')
return 'DELETED'
