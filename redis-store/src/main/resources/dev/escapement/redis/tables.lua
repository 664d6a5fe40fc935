-- Triggers' rows and their indexes. All keys begin with the same tag: they are named after the
-- script's one key, the control hash, and lie in its slot.
--
--   t:ID                   a trigger's row: a map of texts, packed by cmsgpack
--   keys                   hash: job and key -> ID
--   lane:PRIORITY\nQUEUE\nJOB  what may be claimed; score: due; member: microseconds, ID
--   heads:PRIORITY\nQUEUE  the jobs that have such triggers; score: due of the first
--   lanes                  each PRIORITY\nQUEUE that has such triggers; score: 0
--   names                  jobs that have triggers, or had some; score: 0
--   job:JOB                all triggers of a job; score: due, or inf; member: microseconds, ID
--   owners                 set: sessions that own running triggers, or did a short while ago
--   running:SESSION        what it owns; score: when claimed; member: ID
--   parked:HOLD:JOB        what has that hold (1: its job is paused, 2: no handler); member: ID
--   stale                  standing triggers whose schedule was changed, and which don't run
--   children:ID            hash: fire time -> ID of what a standing trigger has spawned
--   c:ID                   hash: a trigger's checkpoint and progress
--   over                   triggers whose c:ID may be of a fire that is over; member: ID
--
-- A row is written only after it was read, or made by an enqueue: one that was evicted isn't made
-- again.

local P = string.sub(KEYS[1], 1, -8) -- KEYS[1] ends with "control"

local JOB_PAUSED, NO_HANDLER = 1, 2
local HOLDS = { JOB_PAUSED, NO_HANDLER }

local CALL = 1000 -- how many members go in one call

local rows = {} -- by ID; false for none
local packed = {} -- rows as they are kept
local changed = {} -- IDs of rows that are to be written, and how
local names = {} -- job and key -> ID, where that has changed; false for none
local calls = {} -- what else is to be written
local before = {} -- members of sorted sets, as they are in Redis, where that is known
local after = {} -- and as they are to be; false for those that go
local touched = {} -- lanes, and of each the jobs whose first trigger may be another one

-- A live trigger's row; nil if there is none.
local function find(id)
  local row = rows[id]
  if row == nil then
    local text = redis.call('GET', P .. 't:' .. id)
    row = text and cmsgpack.unpack(text)
    rows[id] = row
    packed[id] = text
  end
  return row or nil
end

local function named(job, key)
  local name = job .. '\n' .. key
  local id = names[name]
  if id == nil then
    id = redis.call('HGET', P .. 'keys', name)
  end
  return id and find(id)
end

local function later_call(...)
  calls[#calls + 1] = { ... }
end

-- The trigger whose claim the guard proves; nil if it isn't held any more, and whether it is there.
local function held(id, version, owner)
  local row = find(id)
  if row and row.state == 'RUNNING' and row.version == version and row.owner == owner then
    return row
  end
  return nil, row ~= nil
end

local function put(indexes, key, member, at)
  local members = indexes[key]
  if not members then
    members = {}
    indexes[key] = members
  end
  members[member] = at
end

local function is_noted(key, member)
  local members = after[key]
  return members and members[member] ~= nil
end

-- Notes a member of a sorted set; without a score it goes.
local function note(key, member, at)
  put(after, key, member, at or false)
end

local function may_run(row)
  return row.state == 'SCHEDULED' and row.hold == '0'
end

local function touch(lane, job)
  local jobs = touched[lane]
  if not jobs then
    jobs = {}
    touched[lane] = jobs
  end
  jobs[job] = true
end

-- Where a row stands in the indexes.
local function each_place(row, at_place)
  local due = row.due
  local at = due and score(due) or 'inf'
  local member = (due and micros(due) or '000') .. row.id
  at_place('job:' .. row.job, member, at)
  at_place('names', row.job, '0')
  if due and may_run(row) then
    local lane = row.priority .. '\n' .. row.queue
    at_place('lane:' .. lane .. '\n' .. row.job, member, at)
    touch(lane, row.job)
  end
  if row.owner then
    at_place('running:' .. row.owner, row.id, score(row.claimed))
  end
  if row.hold ~= '0' then
    for _, hold in ipairs(HOLDS) do
      if bit.band(tonumber(row.hold), hold) ~= 0 then
        at_place('parked:' .. hold .. ':' .. row.job, row.id, '0')
      end
    end
  end
  if row.stale == '1' and row.state ~= 'RUNNING' then
    at_place('stale', row.id, '0')
  end
end

local LASTING = { names = true }

local function leaves(name, member, at)
  if not LASTING[name] then
    local key = P .. name
    if not is_noted(key, member) then
      put(before, key, member, at)
    end
    put(after, key, member, false)
  end
end

local function comes(name, member, at)
  put(after, P .. name, member, at)
end

local function unindex(row)
  each_place(row, leaves)
  if row.parent and row.fire then
    later_call('HDEL', P .. 'children:' .. row.parent, row.fire)
  end
end

local function index(row)
  each_place(row, comes)
  if row.parent and row.fire then
    later_call('HSET', P .. 'children:' .. row.parent, row.fire, row.id)
  end
end

local function change(row, transition, ...)
  unindex(row)
  transition(row, ...)
  index(row)
  changed[row.id] = changed[row.id] or 'XX'
  packed[row.id] = nil
end

-- A row that is all new.
local function insert(row)
  rows[row.id] = row
  if row.key then
    names[row.job .. '\n' .. row.key] = row.id
  end
  index(row)
  changed[row.id] = 'NX'
end

local function forget(id)
  later_call('DEL', P .. 'c:' .. id)
end

-- What was left for another fire gives way.
local function leave_for(id, fire)
  local key = P .. 'c:' .. id
  local other = redis.call('HGET', key, 'fire')
  if other and other ~= fire then
    redis.call('DEL', key)
    redis.call('ZREM', P .. 'over', id)
  end
  return key
end

local function remove(row)
  unindex(row)
  if row.key then
    names[row.job .. '\n' .. row.key] = false
  end
  rows[row.id] = false
  changed[row.id] = 'DEL'
end

-- Fails before anything is written: Redis doesn't take back what a script did before an error.
local function check(kind, key)
  local is = redis.call('TYPE', key).ok
  if is ~= kind and is ~= 'none' then
    error('WRONGTYPE ' .. key .. ' is of type ' .. is .. ' and not ' .. kind)
  end
end

local function check_all()
  for key in pairs(after) do
    check('zset', key)
  end
  for lane in pairs(touched) do
    check('zset', P .. 'heads:' .. lane)
  end
  check('zset', P .. 'lanes')
  check('hash', P .. 'keys')
  check('hash', KEYS[1])
end

local function flush_rows()
  for id, how in pairs(changed) do
    local row = rows[id]
    if row then
      packed[id] = cmsgpack.pack(row)
      redis.call('SET', P .. 't:' .. id, packed[id], how)
    else
      redis.call('DEL', P .. 't:' .. id, P .. 'c:' .. id)
    end
  end
  for name, id in pairs(names) do
    if id then
      redis.call('HSET', P .. 'keys', name, id)
    else
      redis.call('HDEL', P .. 'keys', name)
    end
  end
  for _, call in ipairs(calls) do
    redis.call(unpack(call))
  end
  changed, names, calls = {}, {}, {}
end

local function in_calls(command, key, list)
  for from = 1, #list, CALL do
    redis.call(command, key, unpack(list, from, math.min(from + CALL - 1, #list)))
  end
end

local function flush_heads()
  for lane, jobs in pairs(touched) do
    local come, gone = {}, {}
    for job in pairs(jobs) do
      local first = redis.call('ZRANGE', P .. 'lane:' .. lane .. '\n' .. job, 0, 0, 'WITHSCORES')
      if first[1] then
        come[#come + 1] = first[2]
        come[#come + 1] = job
      else
        gone[#gone + 1] = job
      end
    end
    local heads = P .. 'heads:' .. lane
    in_calls('ZREM', heads, gone)
    in_calls('ZADD', heads, come)
    if #come > 0 then
      redis.call('ZADD', P .. 'lanes', 0, lane)
    elseif redis.call('EXISTS', heads) == 0 then
      redis.call('ZREM', P .. 'lanes', lane)
    end
  end
  touched = {}
end

-- Writes what has changed: rows, and indexes with one call or few each. Each script that changes rows
-- ends with it, and none writes to them before.
local function flush()
  check_all()
  flush_rows()
  for key, members in pairs(after) do
    local were = before[key] or {}
    local come, gone = {}, {}
    for member, at in pairs(members) do
      if not at then
        gone[#gone + 1] = member
      elseif were[member] ~= at then
        come[#come + 1] = at
        come[#come + 1] = member
      end
    end
    in_calls('ZREM', key, gone)
    in_calls('ZADD', key, come)
  end
  before, after = {}, {}
  flush_heads()
end

-- For a script that moves or frees what is there: it may run even when the memory is used up. Redis
-- refuses what takes memory only as long as a script hasn't written anything.
local function whatever_the_memory()
  redis.call('DEL', P .. 'nothing')
end

local function plus(number, more)
  return string.format('%.0f', tonumber(number) + more)
end

-- What goes out: the row as it is kept.
local function reply(row)
  return packed[row.id]
end
