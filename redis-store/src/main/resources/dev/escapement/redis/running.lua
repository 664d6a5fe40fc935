-- Running triggers that a session owns, or whose owner isn't live.
-- KEYS: control
-- ARGV: the session; how many at most
-- Answers for each: id, version, owner, kind, job, key or false, attempt, lost.
-- include: clock, tables, jobs

whatever_the_memory()
local limit = tonumber(ARGV[2])
local answers = {}
for _, owner in ipairs(redis.call('SMEMBERS', P .. 'owners')) do
  local left = limit - #answers
  if left > 0 and (owner == ARGV[1] or not is_live(owner)) then
    local ids = redis.call('ZRANGE', P .. 'running:' .. owner, 0, left - 1)
    for _, id in ipairs(ids) do
      local row = find(id)
      if row then
        answers[#answers + 1] = {
          id, row.version, owner, row.kind, row.job, row.key or false, row.attempt, row.lost
        }
      else
        note(P .. 'running:' .. owner, id) -- evicted
      end
    end
    if #ids == 0 and owner ~= ARGV[1] then
      redis.call('SREM', P .. 'owners', owner)
    end
  end
end
flush()
return answers
