-- Keeps a checkpoint.
-- KEYS: control
-- ARGV: id, version, owner, the fire, the checkpoint
-- Answers what is asked of the trigger, as bits; -1 if the guard isn't held any more.
-- include: clock, tables

local row = held(ARGV[1], ARGV[2], ARGV[3])
if not row then
  return -1
end
redis.call('HSET', leave_for(row.id, ARGV[4]), 'fire', ARGV[4], 'checkpoint', ARGV[5])
return tonumber(row.asked)
