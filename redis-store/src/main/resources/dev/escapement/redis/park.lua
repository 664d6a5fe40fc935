-- Gives due triggers of a job a hold: that it is paused, or that no live session knows it.
-- KEYS: control
-- ARGV: the job; how many at most
-- Answers how many.
-- include: clock, tables, lanes, jobs

local job, limit = ARGV[1], tonumber(ARGV[2])
whatever_the_memory()
redis.call('ZADD', P .. 'jobs', 0, job)
local paused = job_is_paused(job)
if not paused and is_known(job) then
  return 0
end
local hold = paused and JOB_PAUSED or NO_HANDLER

local parked = 0
for _, lane in ipairs(redis.call('ZRANGE', P .. 'lanes', 0, -1)) do
  if parked < limit and redis.call('ZSCORE', P .. 'heads:' .. lane, job) then
    local function is_meant(other)
      return other == job
    end
    parked = parked + each_due(lane, now, is_meant, limit - parked, function(cursor)
      local row = find(cursor.id)
      if not row then
        drop_member(lane, cursor)
        return false
      end
      change(row, function()
        row.hold = tostring(bit.bor(tonumber(row.hold), hold))
      end)
      return true
    end)
  end
end
flush()
return parked
