-- Sessions, live and dead.
-- KEYS: control
-- ARGV: how many to pass over; how many at most
-- Answers for each: id, node, application version, live, beat, queues, workers, running, started; or
--   the id alone, where its row is gone.
-- include: clock, tables

local from = tonumber(ARGV[1])
local answers = {}
for _, id in ipairs(redis.call('ZRANGE', P .. 'sessions', from, from + tonumber(ARGV[2]) - 1)) do
  local row = redis.call(
    'HMGET', P .. 's:' .. id, 'node', 'application', 'live', 'beat', 'queues', 'workers', 'running',
    'started')
  table.insert(row, 1, id)
  answers[#answers + 1] = row[2] and row or { id } -- evicted
end
return answers
