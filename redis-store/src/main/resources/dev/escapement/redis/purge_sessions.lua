-- Deletes sessions that have been dead for long and own nothing.
-- KEYS: control
-- ARGV: for how long (a text like a time's)
-- Answers how many.
-- include: clock, tables

local LOOKS = 1000

local horizon = earlier(now, ARGV[1])
local gone = 0
for _, id in ipairs(redis.call('ZRANGE', P .. 'sessions', 0, LOOKS - 1)) do
  local there = redis.call('EXISTS', P .. 's:' .. id) == 1
  local dead = redis.call('HGET', P .. 's:' .. id, 'dead')
  if (not there or (dead and dead < horizon)) and redis.call('EXISTS', P .. 'running:' .. id) == 0 then
    redis.call('DEL', P .. 's:' .. id, P .. 'knows:' .. id)
    redis.call('ZREM', P .. 'sessions', id)
    redis.call('SREM', P .. 'owners', id)
    gone = gone + 1
  end
end
return gone
