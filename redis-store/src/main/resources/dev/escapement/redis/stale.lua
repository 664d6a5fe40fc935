-- Standing triggers that are stale and don't run.
-- KEYS: control
-- ARGV: how many at most
-- Answers their rows.
-- include: clock, tables

local found = {}
for _, id in ipairs(redis.call('ZRANGE', P .. 'stale', 0, tonumber(ARGV[1]) - 1)) do
  local row = find(id)
  if row then
    found[#found + 1] = reply(row)
  else
    note(P .. 'stale', id) -- evicted
  end
end
flush()
return found
