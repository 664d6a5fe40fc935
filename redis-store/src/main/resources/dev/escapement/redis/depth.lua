-- How long a queue is.
-- KEYS: control
-- ARGV: the queue; where to stop counting
-- Answers {how many are due, since when the first has been or false, now}.
-- include: clock, tables, lanes

local most = tonumber(ARGV[2]) + 1
local due, oldest = 0, nil
for _, priority in ipairs(HIGHEST_FIRST) do
  local lane = priority .. '\n' .. ARGV[1]
  for _, job in ipairs(jobs_due(lane, now)) do
    local first = cursor_of(lane, job, now)
    if first then
      if not oldest or first.due < oldest then
        oldest = first.due
      end
      due = due + redis.call('ZCOUNT', first.key, '-inf', '(' .. score(now))
      local same = redis.call('ZRANGEBYSCORE', first.key, score(now), score(now), 'LIMIT', 0, most)
      for _, member in ipairs(same) do
        if string.sub(member, 1, 3) <= micros(now) then
          due = due + 1
        end
      end
    end
  end
end
return { math.min(due, most), oldest or false, now }
