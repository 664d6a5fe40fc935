-- Deletes the oldest executions of a job, beyond the newest ones.
-- KEYS: control
-- ARGV: the job; how many stay; how many to delete at most
-- Answers how many.
-- include: clock, tables, history

local index = P .. 'history:job:' .. ARGV[1]
local beyond = math.min(tonumber(ARGV[3]), redis.call('ZCARD', index) - tonumber(ARGV[2]))
if beyond <= 0 then
  return 0
end
for _, key in ipairs(redis.call('ZRANGE', index, 0, beyond - 1)) do
  drop_execution(key, index)
end
flush()
return beyond
