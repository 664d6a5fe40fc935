-- Ends claims, each by itself: what becomes of the trigger, and its execution.
-- KEYS: control
-- ARGV: 'any', or 'orphaned' for claims of sessions that aren't live; how many executions to keep;
--   for each: id, version, owner, outcome, started, ended (times or empty), the failure's type,
--   message and trace, '1' to keep the payload, the result ('=' before it, or empty), '1' to record
--   it, what is next (REMOVE, RETRY, RECOVER, RELEASE, FIRE, PAUSE), fire and due (as resolve()
--   reads them, or empty), how many fires are missed, the reason ('=' before it, or empty)
-- Answers for each: 'written', 'stale' (the guard isn't held), 'missing' (there is no such trigger)
--   or 'live' (so is the owner), or {outcome, state or false, due or false} where a request made
--   it end otherwise than it says.
-- include: clock, tables, transitions, jobs, history

local EACH = 17

local nodes = {}
local function node_of(session)
  local node = nodes[session]
  if node == nil then
    node = redis.call('HGET', P .. 's:' .. session, 'node') or ''
    nodes[session] = node
  end
  return node
end

local function no_later(at)
  return at > now and now or at
end

local function no_due(text)
  if text == '' then
    return nil
  end
  return resolve(text)
end

local function follow(row, ending)
  if ending.next == 'RETRY' then
    row.due = resolve(ending.due)
  elseif ending.next == 'RELEASE' then
    row.attempt = plus(row.attempt, -1)
    row.due = no_due(ending.due) or row.due
  elseif ending.next == 'FIRE' then
    row.last = row.fire
    aim(row, no_due(ending.fire), no_due(ending.due))
    row.missed = ending.missed
    forget_attempts(row)
  end
end

local function run_again(row, ending)
  if row.kind == 'STANDING' then
    row.last = row.fire
  end
  if row.asked_payload then
    row.payload = row.asked_payload
    row.headers = row.asked_headers
  end
  aim(row, row.asked_due, row.asked_due)
  row.attempt = '0'
  row.missed = '0'
  if ending.next == 'REMOVE' or ending.next == 'FIRE' then
    row.lost = '0'
  end
end

-- What the end comes to, given what was asked: the rules of dev.escapement.store.Requests.
local function honour(row, ending)
  local same_fire = ending.next ~= 'REMOVE' and ending.next ~= 'FIRE'
  local one_time = row.kind == 'ONE_TIME'
  local cancellable = same_fire and (ending.next ~= 'PAUSE' or one_time)
  local cancelled = asks(row, CANCEL) and cancellable
  local fate = 'AS_SAID'
  if asks(row, AGAIN) then
    fate = 'AGAIN'
  elseif cancelled then
    fate = 'OVER'
  elseif asks(row, RESCHEDULE) and same_fire then
    fate = 'RESCHEDULED'
  end
  local said = fate == 'AS_SAID' or fate == 'RESCHEDULED'
  local state = 'SCHEDULED'
  if (fate == 'OVER' and one_time) or (said and ending.next == 'REMOVE') then
    state = nil
  elseif asks(row, PAUSE) or (said and ending.next == 'PAUSE') then
    state = 'PAUSED'
  end
  return {
    outcome = cancelled and 'CANCELLED' or ending.outcome, cancelled = cancelled, fate = fate,
    state = state, reason = state == 'PAUSED' and ending.next == 'PAUSE' and ending.reason or nil,
    turned = cancelled or fate ~= 'AS_SAID' or (state == 'PAUSED' and ending.next ~= 'PAUSE')
  }
end

local function finish(row, ending, honoured)
  row.version = beyond(row.version)
  row.owner = nil
  row.claimed = nil
  row.state = honoured.state
  row.reason = honoured.reason
  if ending.next == 'RECOVER' then
    row.lost = plus(row.lost, 1)
  end
  if honoured.fate == 'AS_SAID' then
    follow(row, ending)
  elseif honoured.fate == 'RESCHEDULED' then
    follow(row, ending)
    row.due = row.asked_due
  elseif honoured.fate == 'OVER' then
    end_fire(row)
  else
    run_again(row, ending)
  end
  ask_nothing(row)
end

local function write_down(row, ending, outcome)
  record(execution_key(row.claimed, row.id, row.version), {
    session = ending.owner, node = node_of(ending.owner), kind = row.kind, job = row.job,
    key = row.key, attempt = row.attempt, fire = row.fire, missed = row.missed, due = row.due,
    started = ending.started ~= '' and no_later(ending.started) or nil,
    ended = ending.ended == '' and now or no_later(ending.ended), outcome = outcome,
    failure = ending.failure ~= '' and ending.failure or nil, message = ending.message,
    trace = ending.trace, payload = ending.keep == '1' and row.payload or nil,
    result = ending.result ~= '' and string.sub(ending.result, 2) or nil
  })
end

local function complete(ending)
  local row, there = held(ending.id, ending.version, ending.owner)
  if not row then
    return there and 'stale' or 'missing'
  end
  if ARGV[1] == 'orphaned' and is_live(ending.owner) then
    return 'live'
  end
  local honoured = honour(row, ending)
  if ending.recorded == '1' or honoured.cancelled then
    write_down(row, ending, honoured.outcome)
  end
  if honoured.state then
    change(row, finish, ending, honoured)
    if honoured.fate == 'OVER' or honoured.fate == 'AGAIN' then
      forget(row.id)
    elseif ending.next == 'FIRE' and redis.call('EXISTS', P .. 'c:' .. row.id) == 1 then
      note(P .. 'over', row.id, 0)
    end
  else
    remove(row)
  end
  if not honoured.turned then
    return 'written'
  end
  local gone = not honoured.state
  return { honoured.outcome, honoured.state or false, not gone and row.due or false }
end

whatever_the_memory()
local answers = {}
for at = 3, #ARGV, EACH do
  local ending = { reason = nil }
  ending.id, ending.version, ending.owner, ending.outcome, ending.started, ending.ended,
    ending.failure, ending.message, ending.trace, ending.keep, ending.result, ending.recorded,
    ending.next, ending.fire, ending.due, ending.missed, ending.reason =
      unpack(ARGV, at, at + EACH - 1)
  ending.reason = ending.reason ~= '' and string.sub(ending.reason, 2) or nil
  answers[#answers + 1] = complete(ending)
end
flush()
bound_history(tonumber(ARGV[2]))
return answers
