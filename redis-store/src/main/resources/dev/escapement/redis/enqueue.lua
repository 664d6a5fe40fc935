-- Inserts triggers, all or none; one whose key is taken meets the live one.
-- KEYS: control
-- ARGV: for each: id, kind, job, key, queue, priority, due (as resolve() reads it), schedule, fire
--   (a time), payload, headers, conflict; empty for what isn't there
-- Answers {'ok', id, result, id, result...}, {'used', id} or {'taken', job, key, id}.
-- include: clock, tables, transitions

local EACH = 12

local triggers = {}
for at = 1, #ARGV, EACH do
  local id, kind, job, key, queue, priority, due, schedule, fire, payload, headers, conflict =
    unpack(ARGV, at, at + EACH - 1)
  triggers[#triggers + 1] = {
    id = id, kind = kind, job = job, key = key ~= '' and key or nil, queue = queue,
    priority = priority, due = resolve(due), schedule = schedule ~= '' and schedule or nil,
    fire = fire ~= '' and fire or nil, payload = payload,
    headers = headers ~= '' and headers or nil, conflict = conflict
  }
end

local ids, names = {}, {}
for _, trigger in ipairs(triggers) do
  if ids[trigger.id] or redis.call('EXISTS', P .. 't:' .. trigger.id) == 1 then
    return { 'used', trigger.id }
  end
  ids[trigger.id] = true
  if trigger.key then
    local name = trigger.job .. '\n' .. trigger.key
    local live = named(trigger.job, trigger.key)
    local bearer = names[name]
    if trigger.conflict == 'FAIL' and (live or bearer) then
      return { 'taken', trigger.job, trigger.key, bearer or live.id }
    end
    names[name] = bearer or (live and live.id) or trigger.id
  end
end

local places = {}
local function place(trigger)
  local declared = places[trigger.job]
  if not declared then
    declared = redis.call('HMGET', P .. 'j:' .. trigger.job, 'queue', 'priority')
    places[trigger.job] = declared
  end
  return trigger.queue ~= '' and trigger.queue or declared[1] or 'default',
    trigger.priority ~= '' and trigger.priority or declared[2] or 'NORMAL'
end

local function replace(row, trigger)
  fire_at(row, trigger.due)
  row.payload = trigger.payload
  row.headers = trigger.headers
  row.missed = '0'
  move(row, place(trigger))
end

local function meet(live, trigger)
  local runs = live.state == 'RUNNING'
  if live.kind == 'STANDING' or trigger.conflict == 'KEEP' then
    return runs and 'KEPT_RUNNING' or 'KEPT'
  end
  if trigger.conflict == 'RESCHEDULE' and not runs then
    change(live, reschedule, trigger.due)
    return 'RESCHEDULED'
  elseif not runs then
    change(live, replace, trigger)
    forget(live.id)
    return 'REPLACED'
  end
  change(live, function(row)
    ask(row, AGAIN)
    row.asked_due = trigger.due
    if trigger.conflict == 'REPLACE' then
      row.asked_payload = trigger.payload
      row.asked_headers = trigger.headers
      move(row, place(trigger))
    end
  end)
  return 'AGAIN'
end

local answers = { 'ok' }
for _, trigger in ipairs(triggers) do
  local live = trigger.key and named(trigger.job, trigger.key)
  local id, result = trigger.id, 'CREATED'
  if live then
    id, result = live.id, meet(live, trigger)
  else
    local queue, priority = place(trigger)
    insert({
      id = trigger.id, kind = trigger.kind, job = trigger.job, key = trigger.key, queue = queue,
      priority = priority, state = 'SCHEDULED', hold = '0', fire = trigger.fire or trigger.due,
      due = trigger.due, version = '0', attempt = '0', lost = '0', schedule = trigger.schedule,
      missed = '0', stale = '0', asked = '0', payload = trigger.payload, headers = trigger.headers
    })
  end
  answers[#answers + 1] = id
  answers[#answers + 1] = result
end
flush()
return answers
