-- Triggers of a job in the order of due, those that are never due last, then of their ids.
-- KEYS: control
-- ARGV: the job; the place to begin after (a time, or 'inf', and an id) or empty twice; a time from
--   which on and one before which they are due, or empty; the queue or empty; the state or empty;
--   how many at most; '1' for rows, '0' for how many
-- Answers {rows or their number, '1' if there may be more behind the place: a time or 'inf', an id}.
--   Looks at LOOKS rows at most.
-- include: clock, tables

local LOOKS, PAGE = 1000, 100

local job, after, after_id, from, till, queue, state = unpack(ARGV, 1, 7)
local limit, rows_wanted = tonumber(ARGV[8]), ARGV[9] == '1'
local key = P .. 'job:' .. job

local NEVER = 'inf'

local function due_of(at, member)
  return at == NEVER and NEVER or instant(at, member)
end

-- How many lie before a place, or at it: the rank to begin at.
local function rank_behind(due, id)
  local at = due == NEVER and NEVER or score(due)
  local member = (due == NEVER and '000' or micros(due)) .. id
  local rank = redis.call('ZRANK', key, member)
  if rank then
    return rank + 1
  end
  local low = redis.call('ZCOUNT', key, '-inf', '(' .. at)
  local high = low + redis.call('ZCOUNT', key, at, at)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if redis.call('ZRANGE', key, middle, middle)[1] > member then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

local rank = 0
if after ~= '' then
  rank = rank_behind(after, after_id)
end
if from ~= '' then
  rank = math.max(rank, rank_behind(from, ''))
end

local found, count, looks = {}, 0, LOOKS
local last, last_id = after, after_id
local more, over = '0', false
while not over do
  local page = redis.call('ZRANGE', key, rank, rank + PAGE - 1, 'WITHSCORES')
  rank = rank + PAGE
  over = #page < 2 * PAGE
  for i = 1, #page, 2 do
    local member = page[i]
    local due, id = due_of(page[i + 1], member), string.sub(member, 4)
    if due == NEVER and (till ~= '' or from ~= '') or till ~= '' and due >= till then
      over = true
      break
    end
    last, last_id = due, id
    looks = looks - 1
    local row = find(id)
    if row and (queue == '' or row.queue == queue) and (state == '' or row.state == state) then
      count = count + 1
      if rows_wanted then
        found[count] = reply(row)
      end
    end
    if count == limit or looks == 0 then
      more = '1'
      over = true
      break
    end
  end
end
return { rows_wanted and found or count, more, last, last_id }
