-- Walking lanes: what may be claimed, of the jobs that are meant.

local HIGHEST_FIRST = { 'HIGH', 'NORMAL', 'LOW' }
local PAGE = 100
local MOST_JOBS = 1000 -- of one lane that have due triggers

-- The jobs of a lane that have a trigger which is due by then, or a little later.
local function jobs_due(lane, till)
  return redis.call(
    'ZRANGEBYSCORE', P .. 'heads:' .. lane, '-inf', score(till), 'LIMIT', 0, MOST_JOBS)
end

local function next_entry(cursor, till)
  cursor.at = cursor.at + 2
  if cursor.at > #cursor.page then
    if #cursor.page < 2 * PAGE then
      return nil
    end
    cursor.from = cursor.from + PAGE
    cursor.page = redis.call(
      'ZRANGEBYSCORE', cursor.key, '-inf', score(till), 'WITHSCORES', 'LIMIT', cursor.from, PAGE)
    cursor.at = 1
  end
  local member = cursor.page[cursor.at]
  if not member then
    return nil
  end
  cursor.id = string.sub(member, 4)
  cursor.due = instant(cursor.page[cursor.at + 1], member)
  cursor.place = cursor.due .. cursor.id
  return cursor.due <= till and cursor or nil
end

local function cursor_of(lane, job, till)
  local key = P .. 'lane:' .. lane .. '\n' .. job
  local page = redis.call(
    'ZRANGEBYSCORE', key, '-inf', score(till), 'WITHSCORES', 'LIMIT', 0, PAGE)
  return next_entry({ key = key, job = job, page = page, from = 0, at = -1 }, till)
end

-- Calls take(id, job, key, member) with what is due by then, the oldest first, of the jobs that are
-- meant, until it has answered true so often.
local function each_due(lane, till, is_meant, limit, take)
  local cursors = {}
  for _, job in ipairs(jobs_due(lane, till)) do
    local cursor = is_meant(job) and cursor_of(lane, job, till)
    if cursor then
      cursors[#cursors + 1] = cursor
    end
  end
  local taken = 0
  while taken < limit and #cursors > 0 do
    local first = 1
    for i = 2, #cursors do
      if cursors[i].place < cursors[first].place then
        first = i
      end
    end
    local cursor = cursors[first]
    if take(cursor) then
      taken = taken + 1
    end
    if not next_entry(cursor, till) then
      table.remove(cursors, first)
    end
  end
  return taken
end

-- A member of a lane whose row isn't there: it was evicted, or somebody has deleted it.
local function drop_member(lane, cursor)
  note(cursor.key, cursor.page[cursor.at])
  touch(lane, cursor.job)
end

-- The first of a sorted set of triggers that is due after a time.
local function first_after(key, time)
  local found = redis.call('ZRANGEBYSCORE', key, score(time), '+inf', 'WITHSCORES', 'LIMIT', 0, 2)
  for i = 1, #found, 2 do
    local due = instant(found[i + 1], found[i])
    if due > time then
      return due
    end
  end
  if #found < 4 then
    return nil
  end
  local same = redis.call('ZRANGEBYSCORE', key, score(time), score(time), 'LIMIT', 0, MOST_JOBS)
  for _, member in ipairs(same) do
    if micros(time) < string.sub(member, 1, 3) then
      return instant(score(time), member)
    end
  end
  found = redis.call(
    'ZRANGEBYSCORE', key, '(' .. score(time), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  return found[1] and instant(found[2], found[1])
end
