-- Deletes what runs of fires that have ended have left; where a trigger goes, that goes with it.
-- KEYS: control
-- ARGV: how many at most
-- Answers how many it has looked at.
-- include: clock, tables

local looked = 0
for _, id in ipairs(redis.call('ZRANGE', P .. 'over', 0, tonumber(ARGV[1]) - 1)) do
  local row = find(id)
  if not row or redis.call('HGET', P .. 'c:' .. id, 'fire') ~= row.fire then
    forget(id)
  end
  note(P .. 'over', id)
  looked = looked + 1
end
flush()
return looked
