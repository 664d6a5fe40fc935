-- Writes down what a person has decided about a job.
-- KEYS: control
-- ARGV: the job; 'override' or 'paused'; the value, or empty for none
-- Answers 1; 0 if there is no such job.
-- include: clock, tables, jobs

if not job_is_there(ARGV[1]) then
  return 0
end
whatever_the_memory()
local key, field, value = P .. 'j:' .. ARGV[1], ARGV[2], ARGV[3]
if (redis.call('HGET', key, field) or '') ~= value then
  if value == '' then
    redis.call('HDEL', key, field)
  else
    redis.call('HSET', key, field, value)
  end
  raise('epoch')
end
return 1
