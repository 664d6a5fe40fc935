-- Notes how far runs have come, those whose guard is held.
-- KEYS: control
-- ARGV: for each: id, version, owner, fire, done, total, message
-- Answers 0.
-- include: clock, tables

local EACH = 7

for at = 1, #ARGV, EACH do
  local id, version, owner, fire, done, total, message = unpack(ARGV, at, at + EACH - 1)
  if held(id, version, owner) then
    redis.call(
      'HSET', leave_for(id, fire), 'fire', fire, 'done', done, 'total', total, 'message', message,
      'at', now)
  end
end
return 0
