-- Raises the beat of a live session.
-- KEYS: control
-- ARGV: id, workers, running
-- Answers 1; 0 if it is dead or absent; -1 if nothing at all is there.
-- include: clock, tables, jobs

if not is_live(ARGV[1]) then
  return redis.call('EXISTS', KEYS[1]) - 1
end
whatever_the_memory()
local key = P .. 's:' .. ARGV[1]
redis.call('HINCRBY', key, 'beat', 1)
redis.call('HSET', key, 'workers', ARGV[2], 'running', ARGV[3])
return 1
