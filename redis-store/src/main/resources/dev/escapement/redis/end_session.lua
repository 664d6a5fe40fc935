-- Ends a session: declares it dead, or closes it.
-- KEYS: control
-- ARGV: id; the beat that the caller has seen for too long, or empty for whatever it is
-- Answers 1; 0 if it has beaten since, or is dead or absent.
-- include: clock, tables, jobs

local key = P .. 's:' .. ARGV[1]
if not is_live(ARGV[1]) or (ARGV[2] ~= '' and redis.call('HGET', key, 'beat') ~= ARGV[2]) then
  return 0
end
whatever_the_memory()
redis.call('HSET', key, 'live', '0', 'dead', now)
redis.call('SREM', P .. 'live', ARGV[1])
raise('epoch')
return 1
