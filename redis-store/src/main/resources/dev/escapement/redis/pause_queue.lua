-- Takes a queue out of service, or puts it back.
-- KEYS: control
-- ARGV: the queue; '1' to pause it
-- Answers 1 if that changed anything, else 0.
-- include: clock, tables, jobs

whatever_the_memory()
local changed = redis.call(ARGV[2] == '1' and 'SADD' or 'SREM', P .. 'paused', ARGV[1])
if changed == 1 then
  raise('epoch')
end
return changed
