-- Jobs that nobody here knows, of those that have due triggers.
-- KEYS: control
-- ARGV: how many queues; the queues; the known jobs
-- Answers the jobs.
-- include: clock, tables, lanes

local known = {}
local queues = tonumber(ARGV[1])
for i = 2 + queues, #ARGV do
  known[ARGV[i]] = true
end
local strangers = {}
for i = 2, 1 + queues do
  for _, priority in ipairs(HIGHEST_FIRST) do
    local lane = priority .. '\n' .. ARGV[i]
    for _, job in ipairs(jobs_due(lane, now)) do
      if not known[job] and cursor_of(lane, job, now) then
        known[job] = true
        strangers[#strangers + 1] = job
      end
    end
  end
end
return strangers
