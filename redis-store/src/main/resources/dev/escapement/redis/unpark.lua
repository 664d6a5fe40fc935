-- Takes holds from triggers of jobs: that no session knows them, and where a job isn't paused, that.
-- KEYS: control
-- ARGV: how many at most; the jobs
-- Answers how many lost a hold.
-- include: clock, tables, jobs

whatever_the_memory()
local limit = tonumber(ARGV[1])
local freed = 0

local function free(job, hold, ended)
  local key = P .. 'parked:' .. hold .. ':' .. job
  for _, id in ipairs(redis.call('ZRANGE', key, 0, limit - freed - 1)) do
    local row = find(id)
    if not row then
      note(key, id) -- evicted
    elseif bit.band(tonumber(row.hold), ended) ~= 0 then
      change(row, function()
        row.hold = tostring(bit.band(tonumber(row.hold), bit.bnot(ended)))
      end)
      freed = freed + 1
    end
  end
end

for i = 2, #ARGV do
  local ended = job_is_paused(ARGV[i]) and NO_HANDLER or NO_HANDLER + JOB_PAUSED
  for _, hold in ipairs(HOLDS) do
    if freed < limit and bit.band(ended, hold) ~= 0 then
      free(ARGV[i], hold, ended)
    end
  end
end
flush()
return freed
